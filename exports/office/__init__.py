"""Motions as files for word processors (ODT and DOCX): the text alone, and with its amendments as tracked changes."""
