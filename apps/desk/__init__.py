"""Services that the API and the pages share: the desk's connections, its callers, jobs, uploads, settings, events."""
