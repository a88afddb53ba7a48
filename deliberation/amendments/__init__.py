"""Amendments: tabled, signed, rectified, ordered, discussed, chaired, and settled by one life cycle."""
