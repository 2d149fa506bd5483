"""Tests of the handbook as people read it."""
