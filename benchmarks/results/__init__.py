"""Reports over many workspaces' snapshots on PostgreSQL, as the desk reads them, beside a bare indexed query."""
