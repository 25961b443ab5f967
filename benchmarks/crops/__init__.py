"""How much of the subject a crop keeps, by shape: ours beside the centre, entropy, libvips and single maps."""
