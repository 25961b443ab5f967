"""The stand-ins, once for a process, and a press on them."""

from __future__ import annotations

from tests.publishing.conftest import press, social  # noqa: F401
