"""Mind maps: read as a picture or an outline, drawn together."""
