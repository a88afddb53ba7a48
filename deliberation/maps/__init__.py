"""Mind maps: themes and ideas, which may cite excerpts."""
