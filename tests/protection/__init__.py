"""Tests of protection: key care, reports of harm, protected files."""
