"""Tests of admission: what a child's schooling comes to, and the papers that its family has and lacks."""
