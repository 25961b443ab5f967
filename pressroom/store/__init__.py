"""Where things are kept: tables, the ledger of calls, artifacts."""
