"""What the readers have in common: decoding, tidy text, sections, and what is known about a document."""
