"""Tests of the room of doses."""
