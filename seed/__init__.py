"""Data that an installation starts with: reference tables of the country, and an invented demonstration."""
