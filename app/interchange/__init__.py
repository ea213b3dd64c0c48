"""A review or a cut as text, and text as a transcript: pure functions."""
