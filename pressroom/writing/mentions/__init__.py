"""Searching the web through a model: accounts worth tagging, each with the source that names it."""
