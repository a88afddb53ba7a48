"""The thread from what was said to the adopted text: what cites what, in both directions."""
