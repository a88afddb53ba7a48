"""Reading files that people import: bytes in, values out; only `importing` sends commands."""
