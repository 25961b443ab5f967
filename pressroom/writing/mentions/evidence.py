"""Evidence that an account exists: a source that the search cited has to name it too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from pressroom import platforms
from pressroom.calls.searching import Citation
from pressroom.platforms.platform import host_of
from pressroom.writing.mentions.reading import Candidate


def source_of(candidate: Candidate, citations: Sequence[Citation]) -> str | None:
    """Address of the source that names the account; None when no source does.

    The account's own profile counts wherever it was cited; any other page only where it was cited for the account's
    line and has the name in its address, its title or the words it was cited for. Another account's profile never
    counts, nor does a page on another platform: the same name may be another person's there.
    """
    for citation in citations:
        if _is_web(citation) and candidate.platform.account_at(citation.url) == candidate.account:
            return citation.url
    for citation in citations:
        if _is_web(citation) and _is_for(citation, candidate) and _names(citation, candidate.account):
            return citation.url
    return None


def _is_web(citation: Citation) -> bool:
    return citation.url.startswith(("https://", "http://"))


def _is_for(citation: Citation, candidate: Candidate) -> bool:
    if citation.start >= candidate.end or citation.end <= candidate.start:
        return False
    if candidate.platform.account_at(citation.url):  # another person's profile
        return False
    # Gemini's addresses all lead through Google: there the title is the host.
    hosts = (host_of(citation.url), host_of(citation.title) if " " not in citation.title else "")
    owners = [owner.key for host in hosts if (owner := platforms.owner_of(host))]
    return set(owners) <= {candidate.platform.key}


def _names(citation: Citation, account: str) -> bool:
    """True when a text has the name as a whole: `art` is not in `smart`, `acme` not in `acme.com`."""
    whole = re.compile(rf"(?<![\w.-]){re.escape(account)}(?!\.?[\w-])", re.IGNORECASE)
    return any(whole.search(text) for text in (unquote(citation.url), citation.title, citation.quote))
