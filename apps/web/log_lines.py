"""The audit log in words: what an action is called, and with what it was done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

DEEDS: Mapping[str, str] = MappingProxyType(
    {
        "account.deleted": "deleted the account",
        "account.made": "made the account",
        "account.registered": "registered",
        "account.register_refused": "was refused an account",
        "account.renamed": "took another name",
        "job.cancelled": "stopped",
        "job.retried": "began again",
        "member.invited": "invited a person",
        "member.joined": "joined",
        "member.role_changed": "changed the role of",
        "member.uninvited": "withdrew an invitation",
        "password.changed": "changed the password",
        "settings.changed": "changed the settings",
        "share_link.commented": "commented as a client on",
        "share_link.made": "made a share link to",
        "share_link.opened": "opened the share link to",
        "share_link.revoked": "revoked a share link to",
        "sign_in.begun": "signed in",
        "sign_in.ended": "signed out",
        "sign_in.ended_all": "signed out everywhere else",
        "sign_in.refused": "was refused to sign in",
        "sign_in.reused": "used a token again that had been replaced",
        "upload.kept": "handed in",
        "webhook.secret_read": "looked at the secret of",
        "webhook.secret_renewed": "renewed the secret of",
        "webhook.resent": "sent again to",
    }
)
"""Phrases for actions that the rule (`content.moved` becomes `moved content`) does not fit."""

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_PRODUCT = re.compile(r"[\w.-]{1,40}(?=/|\s|$)")


def deed(action: str) -> str:
    """`content.moved` as `moved`: what stands between who did it and what it was done to."""
    return DEEDS.get(action) or action.rpartition(".")[2].replace("_", " ")


def browser(agent: str) -> str:
    """`Firefox on Linux`; of a program, what it calls itself."""
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    known = next((name for sign, name in _BROWSERS if f"{sign}/" in agent), "") if agent.startswith("Mozilla/") else ""
    if known:
        return f"{known} on {system}" if system else known
    product = _PRODUCT.match(agent)
    return product.group() if product else "Unknown program"
