"""The HTTP and WebSocket protocols with their limits, and what every answer carries."""
