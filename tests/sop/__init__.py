"""Tests of the procedure itself: rules without an application."""
