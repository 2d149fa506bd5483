"""Divisions of China with their former codes, and the scripts that make the tables from the source."""
