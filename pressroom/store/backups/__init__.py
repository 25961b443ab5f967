"""Backups: the whole database in one encrypted file of the artifact store, with a manifest to compare a restore with.

A backup is only worth its restore: `verify` restores one into a scratch database and compares.
"""

from __future__ import annotations

from pressroom.store.backups.making import create
from pressroom.store.backups.manifest import Manifest, find, list_backups
from pressroom.store.backups.restoring import restore, verify
from pressroom.store.backups.retention import Keep, forget, staying

__all__ = ["Keep", "Manifest", "create", "find", "forget", "list_backups", "restore", "staying", "verify"]
