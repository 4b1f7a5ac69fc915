"""Invented areas, venues, cards and events, for showing and testing."""
