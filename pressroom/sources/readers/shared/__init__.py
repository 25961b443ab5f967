"""The readers share these parts: decoding, tidy text, sections, and the facts about a document."""
