"""Telling other programs what happened: events, signed and sent to the addresses a workspace named."""
