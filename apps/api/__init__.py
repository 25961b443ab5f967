"""The REST API of the review desk, for programs and for the pages."""
