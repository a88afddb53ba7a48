"""Outputs of a congress: documents, sites, tables, archives; everything is computed from the record."""
