"""The only write path: commands and keystrokes come in, one transaction stores all that waited, then listeners are
told.
"""
