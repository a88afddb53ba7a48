"""The commands of `pleniere`, one module per concern."""
