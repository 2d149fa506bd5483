"""Shapes of the pages of an intake: notice, household and guardians, children."""
