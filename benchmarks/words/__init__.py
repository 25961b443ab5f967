"""How often drafts made without a model show faults a reader sees, beside the engine of an earlier commit."""
