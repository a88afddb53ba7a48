"""The load generator: thousands of WebSocket connections in one process; a few type and a few are looked at."""
