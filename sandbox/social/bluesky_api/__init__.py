"""The parts of Bluesky's stand-in: what its lexicons allow."""
