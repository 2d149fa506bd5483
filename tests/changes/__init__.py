"""Tests of changes of files."""
