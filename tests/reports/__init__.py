"""Tests of reports: blank forms, receipts, a guardian's copy of a file."""
