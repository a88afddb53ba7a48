"""The HTTP and WebSocket protocols with their limits, what every answer carries, and how much anybody may ask for."""
