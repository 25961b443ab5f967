"""The routes under /api/v1, a file for each kind of thing; each has a `router` that `apps.api.app` includes."""
