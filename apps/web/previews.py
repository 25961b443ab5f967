"""Which picture of itself a format has: the template that looks like its platform, and text as platforms show it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape
from sqlmodel import col, select

from pressroom import formats, platforms, publishers
from pressroom.people.permissions import Action
from pressroom.review import web_cards
from pressroom.review.values import SourceShown
from pressroom.store.database import Database
from pressroom.store.desk_tables import WebCard
from pressroom.store.publishing_tables import ChannelRow

if TYPE_CHECKING:
    from apps.web.page import Page

_ENTITY = re.compile(r"https?://\S+|(?<![\w&/])[#＃]\w+|(?<![\w&/@])@\w[\w.]*")
_LINK = re.compile(r"https?://[^\s)>\]]+")
_TIMED = re.compile(r"(?P<label>.+) \((?P<start>\d+:\d\d)–(?P<end>\d+:\d\d)\)$")


@dataclass(frozen=True)
class Author:
    """The account that a post appears under. handle: without @. avatar: address of its picture here, or empty.

    kind: the platform's own word, such as `organization`. is_connected: false where no channel takes such drafts.
    """

    name: str
    handle: str
    kind: str = ""
    avatar: str = ""
    is_connected: bool = False

    def __str__(self) -> str:
        return self.name


def authors_of(database: Database) -> Mapping[str, Author]:
    """The accounts that drafts go out on, by the drafts' platform: of each the first channel that was connected."""
    query = select(ChannelRow).where(ChannelRow.state != "removed").order_by(col(ChannelRow.created_at).desc())
    with database.read() as session:
        rows = session.exec(query).all()
    known = [row for row in rows if row.platform in publishers.names()]
    avatars = _avatars(database, known)
    authors = [(row, _author(row, avatars.get(row.avatar, ""))) for row in known]
    taken = {drafts: author for row, author in authors for drafts in publishers.get(row.platform).drafts}
    return {**taken, **{row.platform: author for row, author in authors}}  # a platform's own channel comes first


def _avatars(database: Database, rows: Sequence[ChannelRow]) -> dict[str, str]:
    """Addresses here of the avatars that were fetched, by their own addresses."""
    if not (wanted := {row.avatar for row in rows if row.avatar}):
        return {}
    cards = web_cards.known_cards(database, rows[0].workspace_id, "avatar", wanted)
    return {address: f"/cards/{card.id}/picture" for address, card in cards.items() if card.picture_key}


def author_for(authors: Mapping[str, Author], platform: str, workspace: str) -> Author:
    """The account that a draft of `platform` appears under; without a channel, the workspace's own name."""
    return authors.get(platform) or Author(workspace, re.sub(r"\W+", "", workspace).lower())


def _author(row: ChannelRow, avatar: str) -> Author:
    return Author(row.title or row.name, row.name, row.kind, avatar, is_connected=True)


@dataclass(frozen=True)
class LinkCard:
    """The card of a link below a post. picture: address of its picture here. is_wanted: it is to be fetched."""

    title: str
    host: str
    address: str = ""
    description: str = ""
    picture: str = ""
    is_wanted: bool = False


def link_card(text: str, cards: Mapping[str, LinkCard]) -> LinkCard | None:
    """The card of the last link in `text`; None without one. cards: of addresses, as `cards_in` has them."""
    found = addresses_in(text)
    if not found or not _host(found[-1]):
        return None
    return cards.get(found[-1]) or card_of(found[-1])


def addresses_in(text: str) -> list[str]:
    return [address.rstrip(".,;:!?") for address in _LINK.findall(text)]


def card_of(address: str, known: WebCard | None = None, *, title: str = "", is_wanted: bool = False) -> LinkCard:
    """The card of an address: by what was fetched of it, else by `title`, else by its own words."""
    host = _host(address)
    if known is None:
        return LinkCard(title or _title_of(address) or host, host, address, is_wanted=is_wanted)
    picture = f"/cards/{known.id}/picture" if known.picture_key else ""
    return LinkCard(known.title or title or _title_of(address) or host, host, address, known.description, picture)


def cards_in(page: Page, text: str, document: SourceShown | None) -> dict[str, LinkCard]:
    """The cards of the links in `text`. One that is not known yet is to be fetched, where the reader may edit."""
    titles = {document.source: document.title} if document else {}
    addresses = dict.fromkeys(address for address in addresses_in(text) if _host(address))
    known = web_cards.known_cards(page.database, page.caller.workspace_id, "page", addresses)
    may = page.may(Action.EDIT_CONTENT)
    return {
        address: card_of(
            address, known.get(address), title=titles.get(address, ""), is_wanted=may and address not in known
        )
        for address in addresses
    }  # fmt: skip


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _title_of(address: str) -> str:
    """The last part of the path as words: `how-we-bake` is "How we bake"."""
    last = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    return re.sub(r"[-_]+", " ", last.partition(".")[0]).strip().capitalize()


def fold(text: str, platform: str) -> tuple[str, str]:
    """`text` as it stands before and after the platform's "…more": cut between two words, or after its last line."""
    known = platforms.find(platform)
    if known is None or known.fold is None:
        return text, ""
    cut = min(len("\n".join(text.split("\n")[: known.fold.lines])), known.fold.characters)
    if cut >= len(text.rstrip()):
        return text, ""
    space = text.rfind(" ", 0, cut + 1)
    cut = space if space > cut // 2 and not text[cut].isspace() else cut
    return text[:cut].rstrip(), text[cut:].lstrip(" ")


def template_of(form: str) -> str:
    """The template for a draft of that format: its platform's, else its parts one below the other."""
    known = platforms.find(formats.get(form).platform) if form in formats.names() else None
    return f"previews/{known.preview_of(form) if known else 'generic'}.html"


def posted(text: str) -> Markup:
    """`text` with hashtags, mentions and links set off, as platforms do; they lead nowhere."""
    done, end = Markup(""), 0
    for found in _ENTITY.finditer(text):
        done += escape(text[end : found.start()]) + Markup('<span class="entity">{}</span>').format(found.group())
        end = found.end()
    return done + escape(text[end:])


def compose_address(platform: str, parts: Sequence[Any]) -> str:
    """Address of the platform's own form with the first post filled in; empty where it takes no words."""
    known = platforms.find(platform)
    if known is None or not known.compose or not parts:
        return ""
    return known.compose.replace("{text}", quote(parts[0].text, safe=""))


def timed(label: str) -> tuple[str, str, str] | None:
    """(name, start, end) of a spoken part's label; None when it is not spoken."""
    found = _TIMED.fullmatch(label)
    return (found["label"], found["start"], found["end"]) if found else None


def initials(name: str) -> str:
    """One or two letters for where a picture would be."""
    words = re.findall(r"[^\W_]+", name)
    return "".join(word[0] for word in words[:2]).upper() or "P"


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"folded": fold, "initials": initials, "link_card": link_card, "posted": posted, "timed": timed}
)
