"""Documents from files, addresses and feeds."""
