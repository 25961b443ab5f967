"""Shared by all dialects: how to declare one, and each provider's form of an error."""
