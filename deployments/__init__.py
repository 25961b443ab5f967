"""How Pressroom is put to work on a Prefect server."""
