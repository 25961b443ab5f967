"""Pinterest: its films."""
