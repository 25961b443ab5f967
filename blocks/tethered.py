"""`python -m blocks.tethered COMMAND...`: becomes COMMAND, which the kernel ends when our parent dies (on Linux).

So that not even `kill -9` of a command leaves the server behind that it started.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>; survives the exec


def main() -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 (our own words)


if __name__ == "__main__":
    main()
