"""Measures the main pages over the web server, on both engines: ./run bench."""
