"""Disclosure: what a table of counts may show without giving anybody in a small group away."""
