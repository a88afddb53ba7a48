"""The HTTP and WebSocket protocols with their limits, the headers of every response, and rate limits."""
