"""The server: takes commands, serves pages, live channels and shared texts."""

from server.web import addresses as addresses  # before any route is made
