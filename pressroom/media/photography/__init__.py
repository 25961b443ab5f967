"""Product photography: one picture of a product in seven styles, by a model or composed from its cut-out."""
