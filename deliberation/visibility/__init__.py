"""What each reader may see of a congress: new values that contain only what is published (D1–D4)."""
