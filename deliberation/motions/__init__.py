"""The motion: drafted, frozen, its history and origins, remarks on it, drafting in camera, votes by division."""
