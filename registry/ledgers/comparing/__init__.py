"""Comparing: lists of departments against the register."""
