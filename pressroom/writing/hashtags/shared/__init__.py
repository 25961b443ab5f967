"""The parts that sources of hashtags and the choice among them have in common."""
