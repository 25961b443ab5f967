"""The parts of LinkedIn's API that are large by themselves: its text format, its errors, its uploads."""
