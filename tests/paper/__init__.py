"""Tests of paper: the font, the lines, the structure of a PDF."""
