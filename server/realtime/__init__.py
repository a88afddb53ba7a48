"""The y-websocket protocol: a pure state machine per connection, rooms that keep and relay, a thin socket."""
