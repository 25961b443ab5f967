"""A picture's time: how much of it is left, and until when a chain may be asked in it."""

from __future__ import annotations

import time

from pressroom.calls.chain import Chain
from pressroom.calls.deadline import Deadline
from pressroom.errors import ProcessingTimeout


def left(until: float) -> float:
    """Seconds until a picture's time is up. until: Unix time.

    Raises:
        ProcessingTimeout: it is.
    """
    seconds = until - time.time()
    if seconds <= 0:
        raise ProcessingTimeout("The picture's time was up.", hint="Ask for fewer platforms, or allow more time.")
    return seconds


def ends(chain: Chain, until: float) -> Deadline:
    """That of a request to `chain` that begins now: it is over with the task's time, or the picture's.

    Raises:
        ProcessingTimeout: the picture's time is up.
    """
    return chain.deadline(chain.policy.clock() + left(until))
