"""The sitting: the order of the day, the chair's console, the screen of the hall."""
