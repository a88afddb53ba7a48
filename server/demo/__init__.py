"""The demonstration congress: fictional people and words, played through the same commands as real use."""
