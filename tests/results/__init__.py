"""Results: snapshots, reports, returns, comparisons."""
