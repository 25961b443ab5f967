"""From 5 to 1,000 ideas: wall time over the ideal, memory, and how soon Prefect shows everything."""
