"""Many citizens at once, on a schedule, and the books that are kept of what they were promised."""
