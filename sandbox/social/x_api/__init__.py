"""The parts of X's stand-in: its files."""
