"""Finished files brought to where they are shown from, outside the artifact store."""
