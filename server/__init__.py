"""The server: commands in, pages, live channels and shared texts out."""
