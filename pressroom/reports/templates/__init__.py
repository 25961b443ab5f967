"""The page and its style. A package, so that the files travel with an installed Pressroom."""
