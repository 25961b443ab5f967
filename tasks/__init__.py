"""The steps flows are made of: thin, typed, and the only place for Prefect's retries, caching and limits."""
