"""The parts of TikTok's publisher: what its calls have in common, and films in chunks."""
