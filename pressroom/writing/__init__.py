"""Texts written with a model's help: ideas, drafts, condensed documents, captions, hashtags, mentions."""
