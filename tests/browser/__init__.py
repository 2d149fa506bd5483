"""Journeys through the application in a real browser: the story of the first step, and what people do wrong."""
