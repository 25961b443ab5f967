"""What dialects have in common: how one is declared, and how each provider says that something is wrong."""
