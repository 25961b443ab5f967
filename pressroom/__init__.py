"""Pressroom's domain: what a good post is and how one is made. Knows no Prefect and no FastAPI."""

from pressroom import zones

__version__ = "0.1.0"

zones.use_newest()
