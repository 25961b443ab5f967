"""What does a draft say that its source doesn't? Labelled sentences, the gate, and a naive baseline beside it."""
