"""The parts that all stand-ins share."""
