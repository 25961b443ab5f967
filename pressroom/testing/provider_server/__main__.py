"""`python -m pressroom.testing.provider_server`."""

from __future__ import annotations

import sys

from pressroom.testing.provider_server.command import main

if __name__ == "__main__":
    sys.exit(main())
