"""Configured connections as Prefect blocks, loaded by name, else built from the environment."""
