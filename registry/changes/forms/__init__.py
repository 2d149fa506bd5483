"""Shapes of what file keepers send about changes."""
