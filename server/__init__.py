"""The server: commands in, pages, live channels and shared texts out."""

from server.web import addresses as addresses  # before any route is made
