"""The programs that are compared, each a process of its own that knows nothing of the others."""
