"""A desk with one morning to review: 5 ideas in 3 formats, a picture for each post, and three connected channels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from pressroom import formats
from pressroom.model import DailyPlan, Idea, Origin, Preferences, Role, RunStatus
from pressroom.people import passwords, sign_ins
from pressroom.platforms import counting
from pressroom.store import contents, schema, subjects
from pressroom.store.account_tables import Membership, User
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.attachments import media_of
from pressroom.store.database import Database
from pressroom.store.desk_tables import Attachment
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Content, Run, SubjectRow, Workspace, utc_now
from pressroom.store.workspaces import workspace

EMAIL, PASSWORD = "owner@example.com", "correct horse battery staple"
FORMATS = ("linkedin_post", "x_thread", "instagram_caption")
TITLES = (
    "Call the night shift first", "Write down what you switched off", "The queue nobody owns",
    "A cheaper invoice run", "What the handover left out",
)  # fmt: skip
CHANNELS = (
    ("linkedin", "lakeside-bakery", "Lakeside Bakery", "organization"), ("x", "lakesidebakes", "Lakeside Bakery", ""),
    ("instagram", "lakeside.bakery", "Lakeside Bakery", ""),
)  # fmt: skip
COLOURS = ("#2f5d62", "#7a3b2e", "#444b6e", "#5b6c2a", "#8a5a13")


@dataclass(frozen=True)
class Morning:
    """`drafts`: ids in the order of the queue."""

    drafts: tuple[str, ...]
    workspace_id: str


def fill(database: Database, store: ArtifactStore) -> Morning:
    """Put one morning into an empty database."""
    schema.upgrade(database)
    home = workspace(database, "bakery")
    user = User(email=EMAIL, name="Owner", password_hash=passwords.hash_password(PASSWORD))
    with database.write() as session:
        session.get_one(Workspace, home.id).title = "Lakeside Bakery"
        session.add(user)
        session.flush()
        session.add(Membership(workspace_id=home.id, user_id=user.id, role=Role.OWNER))
        for platform, name, title, kind in CHANNELS:
            about: dict[str, Any] = {"name": name, "title": title, "kind": kind, "remote_id": name}
            session.add(ChannelRow(workspace_id=home.id, platform=platform, **about))
    run = _run(home.id)
    with database.write() as session:
        session.add(run)
    ideas = [Idea(title=title, description=f"{title}, and why it pays.", category="operations") for title in TITLES]
    rows = subjects.save_ideas(database, run, ideas)
    drafts = [_draft(database, store, run, row, form) for row in rows for form in FORMATS]
    return Morning(tuple(drafts), home.id)


def token(desk: Any) -> str:
    """The cookie of a sign-in."""
    return sign_ins.sign_in(desk.database, desk.keys, EMAIL, PASSWORD, Origin(), "page").token


def _run(workspace_id: str) -> Run:
    plan = DailyPlan(workspace="bakery", day=date.today(), ideas=len(TITLES), formats=FORMATS, chain=("offline",),
                     chain_fingerprint="f", preferences=Preferences())  # fmt: skip
    return Run(workspace_id=workspace_id, kind="daily", run_key=f"{plan.day}", day=plan.day, trigger="user",
               status=RunStatus.COMPLETED, plan=plan, closed_at=utc_now())  # fmt: skip


def _draft(database: Database, store: ArtifactStore, run: Run, subject: SubjectRow, form: str) -> str:
    plugin = formats.get(form)
    body = json.loads(files("pressroom.formats").joinpath(f"examples/{form}.json").read_text("utf-8"))
    part = next(name for name in ("hook", "posts", "caption") if name in body)
    said = f"{subject.title}."
    body[part] = [f"{said} {body[part][0]}", *body[part][1:]] if part == "posts" else f"{said} {body[part]}"
    text = plugin.text(plugin.body.model_validate(body))
    row = Content(
        workspace_id=run.workspace_id, run_id=run.id, subject_id=subject.id, format=form, platform=plugin.platform,
        state="generated", body=body, text=text, words=counting.words(text), characters=len(text), provider="offline",
        model="offline", prompt_hash="0" * 16, content_hash="", day=run.day,
    )  # fmt: skip
    picture = _picture(store, subject, form)
    row.content_hash = contents.content_hash(body)
    contents.save_draft(database, row)
    with database.write() as session:
        session.add(Attachment(workspace_id=run.workspace_id, content_id=row.id, position=0, **picture))
        session.flush()
        kept = session.get_one(Content, row.id)
        kept.content_hash = contents.content_hash(body, media_of(session, row.id))
        session.add(kept)
    return row.id


def _picture(store: ArtifactStore, subject: SubjectRow, form: str) -> dict[str, Any]:
    width, height = (1080, 1080) if form == "instagram_caption" else (1200, 627)
    canvas = Image.new("RGB", (width, height), COLOURS[(subject.position - 1) % len(COLOURS)])
    ImageDraw.Draw(canvas).text((60, height // 2), subject.title, fill="white", font_size=64)
    file = BytesIO()
    canvas.save(file, "JPEG", quality=85)
    stored = store.put(f"bakery/{subject.id}/{form}.jpg", file.getvalue())
    return {"kind": "picture", "name": f"{form}.jpg", "key": stored.key, "sha256": stored.sha256, "size": stored.size,
            "media_type": "image/jpeg", "width": width, "height": height,
            "alt_text": f"A card that says: {subject.title}.", "made_by_ai": True}  # fmt: skip
