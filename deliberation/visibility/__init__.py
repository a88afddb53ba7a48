"""What each reader may see of a congress: new values, filled with what is published and nothing else (D1–D4)."""
