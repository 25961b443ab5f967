"""The words of a digest: as an e-mail in plain text and HTML, and as a message of a chat."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from markupsafe import Markup

from pressroom import formats
from pressroom.review.notifying import DEEDS, Digest, DigestLine

_PAGE = Markup(
    '<!doctype html><html lang="en"><body style="margin:0;background:#f7f5f0;color:#1d1b18;'
    'font:15px/1.5 system-ui,sans-serif"><div style="max-width:36rem;margin:0 auto;padding:24px">'
    '<h1 style="font-size:20px">{title}</h1>{items}<p><a href="{desk}/notifications" style="color:#2546a8">'
    'All notifications</a></p><p style="color:#5f594f;font-size:13px">You get this because you asked for it in '
    '{workspace}. <a href="{desk}/settings/notifications" style="color:#2546a8">Change how often</a> or '
    '<a href="{off}" style="color:#2546a8">unsubscribe</a>.</p></div></body></html>'
)
_ITEM = Markup(
    '<div style="background:#fff;border:1px solid #e5e0d6;border-radius:10px;padding:12px 16px;margin:0 0 12px">'
    '<p style="margin:0"><strong>{by}</strong> {deed}: <a href="{address}" style="color:#2546a8">{about}</a></p>'
    "{text}</div>"
)
_SAID = Markup('<p style="margin:6px 0 0;color:#5f594f">{}</p>')


def subject_of(digest: Digest) -> str:
    """The subject: of one notification its words, else how many there are."""
    first = digest.lines[0]
    one = f"{first.by} {DEEDS[first.kind]}: {_about(first)}"
    said = one if len(digest.lines) == 1 else f"{len(digest.lines)} notifications from {digest.workspace}"
    return " ".join(said.split())[:200]


def text_of(digest: Digest, desk: str) -> str:
    """The notifications in plain text, each with its address."""
    return "\n\n".join(_text(line, desk) for line in digest.lines)


def mail_of(digest: Digest, *, desk: str, sender: Address, off: str) -> EmailMessage:
    """The digest as an e-mail. desk: its address; off: the address that ends these e-mails.

    The Message-ID is the same with every attempt: a mailbox shows a message that came twice once.
    """
    mail = EmailMessage()
    mail["Subject"], mail["From"] = subject_of(digest), sender
    mail["To"] = Address(addr_spec=digest.email)
    mail["Date"], mail["Message-ID"] = formatdate(), f"<{digest.id}@{sender.domain}>"
    mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"] = f"<{off}>", "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    foot = (
        f"All notifications: {desk}/notifications\nChange how often: {desk}/settings/notifications\nUnsubscribe: {off}"
    )
    mail.set_content(f"{text_of(digest, desk)}\n\n-- \n{foot}\n")
    items = Markup("").join(_html(line, desk) for line in digest.lines)
    page = _PAGE.format(title=subject_of(digest), items=items, desk=desk, workspace=digest.workspace, off=off)
    mail.add_alternative(str(page), subtype="html")
    return mail


def _about(line: DigestLine) -> str:
    title = formats.get(line.format).title if line.format in formats.names() else line.format
    return f"{title}, {line.title}"


def _address(line: DigestLine, desk: str) -> str:
    return f"{desk}/content/{line.content_id}/comments"


def _text(line: DigestLine, desk: str) -> str:
    said = f"\n{line.text}" if line.text else ""
    return f"{line.by} {DEEDS[line.kind]}: {_about(line)}{said}\n{_address(line, desk)}"


def _html(line: DigestLine, desk: str) -> Markup:
    said = _SAID.format(line.text) if line.text else ""
    return _ITEM.format(by=line.by, deed=DEEDS[line.kind], about=_about(line), address=_address(line, desk), text=said)
