"""Keeptake: review footage, cut the retakes, keep the moments."""

__version__ = "0.1.0"
