"""Readers share these parts."""
