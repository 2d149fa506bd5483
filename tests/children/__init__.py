"""Tests of children's files."""
