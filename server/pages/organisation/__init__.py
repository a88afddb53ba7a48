"""Screens of those who run a congress; only its organisers reach them."""
