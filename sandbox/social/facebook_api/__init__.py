"""The parts of Facebook's stand-in: its films."""
