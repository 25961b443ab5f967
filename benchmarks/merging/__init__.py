"""Which headlines are about one event? The merging of topics on labelled ones, beside two simple measures."""
