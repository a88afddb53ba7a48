"""Files that people bring: bytes in, values out. Nothing here touches the congress."""
