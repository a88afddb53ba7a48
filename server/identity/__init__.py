"""Who is at the other end: one-time links, sessions, access tokens. Nothing of it enters the record."""
