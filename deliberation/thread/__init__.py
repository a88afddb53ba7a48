"""What rests on what, from a spoken word to an adopted text, readable both ways."""
