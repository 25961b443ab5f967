"""The parts of LinkedIn's stand-in: its rules, its files, its text format."""
