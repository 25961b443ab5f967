"""Facebook: its films."""
