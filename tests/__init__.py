"""A package, so that the project's root is what pytest puts on the path: `tests/pressroom` would shadow `pressroom`."""
