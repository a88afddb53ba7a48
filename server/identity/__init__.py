"""Authentication: one-time links, sessions, access tokens. Nothing of it enters the record."""
