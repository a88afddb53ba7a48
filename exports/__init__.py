"""Outputs of a congress: documents, sites, tables, archives; everything is read from the record."""
