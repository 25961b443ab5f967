"""A real model of 135 million parameters writes a day's drafts: the share that passes, and how each other one ends."""
