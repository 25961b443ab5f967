"""X: its files."""
