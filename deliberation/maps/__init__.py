"""Mind maps: themes and ideas that rest on excerpts."""
