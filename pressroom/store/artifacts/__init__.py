"""Where artifacts are kept: a folder, an S3 bucket, or whatever else fsspec reaches.

An artifact is bytes under a key, a relative path such as `default/2026-01-31/run-1/brief.html`. It is written
whole or not at all, and writing equal bytes again changes nothing.

    store = ArtifactStore.from_settings()
    stored = store.put("default/2026-01-31/run-1/brief.html", page)
    store.get(stored.key)

Opening a store on S3 takes about half a second: keep one per process. It may be used by many threads.
"""

from pressroom.store.artifacts.keys import NoArtifact
from pressroom.store.artifacts.store import ArtifactStore, Stored

__all__ = ["ArtifactStore", "NoArtifact", "Stored"]
