"""What formats are declared with. The formats themselves are the modules beside this package."""
