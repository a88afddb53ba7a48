"""Sittings of the assembly: opened, chaired, suspended, closed."""
