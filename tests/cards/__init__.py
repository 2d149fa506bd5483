"""Tests of cards: printing them, what stands on them, who may."""
