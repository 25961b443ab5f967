"""Providers: a folder a vendor, found by its name; its SDK is imported in that folder only, when it is first used."""
