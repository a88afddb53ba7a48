"""Shared texts over the y-websocket protocol: a pure state machine per connection, a room per document, a thin
socket.
"""
