"""The only write path: commands and keystrokes in, one transaction for all that waited, then the news."""
