"""The parts of YouTube's publisher: what its calls have in common, and the calls after the video."""
