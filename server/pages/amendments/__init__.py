"""Amendments: listed, written, signed, rectified, and how they meet the text and one another."""
