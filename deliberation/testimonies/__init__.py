"""What people said: submitted, moderated, quoted as excerpts."""
