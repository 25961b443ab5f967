"""Reading back what is out, soon and a day later, and comparing it with what was approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pressroom.model.publication_states import PartState
from pressroom.model.publishing import Reading
from pressroom.publishers.ledger.claim import Claim, ref_of
from pressroom.publishers.ledger.failing import A_DAY, try_to_renew
from pressroom.publishers.sending.line import Phase, TokenRefused
from pressroom.store.publishing_tables import PublicationPart

APPEARS_WITHIN = timedelta(minutes=15)
"""A post that its platform does not show after so long has vanished."""
AGAIN = timedelta(minutes=1)
"""At first; then ever more seldom, since looks are billed on some platforms."""
AGAIN_LATER = timedelta(hours=4)

UNREAD = {"code": "not_read", "message": "It is out; the platform did not let it be read back."}
GONE = {"code": "gone", "message": "The platform no longer has it."}


def look_back(claim: Claim) -> tuple[bool, datetime | None]:
    """Read back the parts whose time it is: if one moved, and when to look next."""
    due: list[datetime] = []
    for part in claim.parts:
        state, now = PartState(part.state), claim.now()
        if state is PartState.SENT:
            if _read_back(claim, part, now):
                return True, None
            due.append(now + max(AGAIN, (now - (part.sent_at or now)) / 4))
        elif state is PartState.PUBLISHED and part.sent_at and part.checked_at is None:
            if now >= part.sent_at + A_DAY and _read_back(claim, part, now):
                return True, None
            due.append(max(part.sent_at + A_DAY, now + AGAIN_LATER))
    return False, min(due, default=None)


def _read_back(claim: Claim, part: PublicationPart, now: datetime) -> bool:
    """One look at a post; true when its state is settled by it."""
    first = PartState(part.state) is PartState.SENT
    age = now - (part.sent_at or now)
    try:
        reading = claim.publisher.read_back(claim.job(part, Phase.READ), ref_of(part))
    except Exception as error:  # it is out: what can't be read now stays so
        if isinstance(error, TokenRefused):
            try_to_renew(claim)
        return age >= (A_DAY if first else 2 * A_DAY) and _settle(claim, part, PartState.PUBLISHED, UNREAD)
    if reading is None:
        return (not first or age >= APPEARS_WITHIN) and _settle(claim, part, PartState.VANISHED, GONE)
    if (difference := difference_of(claim, part, reading)) is not None:
        seen = [{"text": reading.text or "", "visibility": reading.visibility}]
        return _settle(claim, part, PartState.MISMATCH, difference, reading, seen=seen)
    return _settle(claim, part, PartState.PUBLISHED, None, reading)


def _settle(
    claim: Claim,
    part: PublicationPart,
    target: PartState,
    reason: Mapping[str, str] | None,
    reading: Reading | None = None,
    **changes: Any,
) -> bool:
    if PartState(part.state) is PartState.PUBLISHED:
        changes["checked_at"] = claim.now()
    if PartState(part.state) is target:  # the look a day later found nothing new
        claim.change(part, **changes)
        return True
    ref = reading.ref if reading else None
    if ref is not None:
        ref = ref.model_copy(
            update={"permalink": ref.permalink or part.permalink, "extra": {**part.extra, **ref.extra}}
        )
    claim.move(part, target, reason=reason, ref=ref, changes=changes)
    return True


def difference_of(claim: Claim, part: PublicationPart, reading: Reading) -> dict[str, str] | None:
    """The first difference between what is public and what was approved; None without one."""
    approved, publisher = claim.approved, claim.publisher
    if reading.visibility not in {"public", approved.options.get("privacy", "public")}:
        message = f"It is {reading.visibility} at the platform, not public."
        return {"code": "not_public", "message": message, "hint": "See the platform's own page."}
    if reading.text is None:
        return None
    wanted = publisher.as_sent(approved.parts[part.position].text)
    if publisher.comparable(reading.text) != publisher.comparable(wanted):
        return {"code": "text_differs", "message": "The platform shows other words.", "hint": "Compare both texts."}
    files = len(approved.media) if part.position == 0 else 0
    if reading.media is not None and reading.media != files:
        return {"code": "media_differ", "message": f"It has {reading.media} files at the platform, not {files}."}
    return None
