"""Bring in files of opinions: read them, tell what their columns mean, check each row, add what is right."""
