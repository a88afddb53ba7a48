"""Testimonies: submitting, moderating, and quoting excerpts."""
