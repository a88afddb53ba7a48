"""How texts differ and join, word by word; nothing here knows what a motion is."""
