"""Are two ideas one? A labelled set, the measure the idea gate uses, and simple baselines beside it."""
