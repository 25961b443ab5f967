"""The parts that formats are declared with. The formats themselves are the modules next to this package."""
