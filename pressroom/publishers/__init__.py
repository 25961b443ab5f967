"""Delivery: finished files brought to where they are shown from, beside the artifact store."""
