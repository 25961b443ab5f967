"""GraphQL for dashboards: read-only, over the services of the lists, as the caller may see them."""
