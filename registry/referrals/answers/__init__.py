"""Answers of offices: forms and words, one or many at once, on screen or paper, and on their way to the families."""
