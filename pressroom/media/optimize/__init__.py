"""One picture made ready for every platform: its files, its words, and what to say about both."""
