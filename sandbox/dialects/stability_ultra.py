"""POST /v2beta/stable-image/generate/ultra: a picture of words, asked for by a multipart form."""

from __future__ import annotations

from sandbox.dialects.shared.stability import generating

DIALECT = generating("ultra")
