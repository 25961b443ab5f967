"""Pictures: made by a model, drawn as cards, fitted to a platform."""
