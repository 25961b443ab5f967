"""How exactly words are found in a voice without times."""
