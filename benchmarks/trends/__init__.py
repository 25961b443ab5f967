"""Which topics still grow 12 hours later? The score's first ten, beside three simple orders, from raw answers."""
