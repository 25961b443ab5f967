"""Containers, by which Instagram and Threads take a post: made from addresses of files, worked at, then published once.

A container is public after its one publishing call and says so itself: `PUBLISHED`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from pressroom.errors import OutcomeUnclear, PostRefused, PublishLater
from pressroom.model import Medium
from pressroom.model.publishing import Absent, Asked, Found, Listed, Processing, Reading, RemoteRef, Sent, Similar
from pressroom.publishers.sending import asking, graph
from pressroom.publishers.sending.line import Line, Refusal, Reply
from pressroom.publishers.sending.publisher import Job, NotYet, Publisher

CONTAINER_LIFE = timedelta(hours=23)
"""A container ends after 24 hours; an older one is made again."""

PICTURE_SECONDS, FILM_SECONDS = 5.0, 30.0
"""Between two looks at a container."""

PARENT = "container"


class ContainerPublisher(Publisher):
    """Makes a container for each file and one for the post, waits for them, and publishes the last.

    containers, publishing: the edges of an account that make and publish one; state, words: fields of a container.
    fields: of a post, as one call reads them. text_field: the one with its words. ended: subcodes of a publishing call
    that say that the container is gone, unpublished.
    """

    containers: ClassVar[str]
    publishing: ClassVar[str]
    state: ClassVar[str]
    words: ClassVar[str]
    fields: ClassVar[str]
    text_field: ClassVar[str]
    ended: ClassVar[tuple[str, ...]] = ()

    read_error = staticmethod(graph.read_error)

    @abstractmethod
    def parent_fields(self, job: Job, children: list[str]) -> dict[str, str]:
        """The fields of the container that is published. children: ids of its files' containers, where it has more."""

    @abstractmethod
    def child_fields(self, job: Job, medium: Medium) -> dict[str, str]:
        """The fields of one file's container among several."""

    @abstractmethod
    def list_edge(self, job: Job) -> str:
        """The edge of the account whose list shows parts of this kind."""

    def prepare(self, job: Job) -> NotYet | None:
        if not _fresh(job, PARENT) and (waits := self._children(job)):
            return waits
        self._make(job, PARENT, lambda: self.parent_fields(job, _children_ids(job)))
        return self._look(job, PARENT)

    def send(self, job: Job) -> Sent:
        """A container that ended meanwhile is made again first: `prepare` does it, and nothing is sent here."""
        if not _fresh(job, PARENT):
            _forget(job)
            raise PublishLater(f"{job.line.title} keeps a container for a day; another one is made.", retry_after=1)
        container, tried = job.memory.get(PARENT), job.memory.get("tried")
        job.memory.put(tried=container)
        where = f"api:/{job.channel.account.remote_id}/{self.publishing}"
        reply = job.line.post(where, data={"creation_id": container}, ok=(200, 201, 400))
        if reply.status == 400:
            raise self._not_published(job, job.line.read(reply), tried)
        return Sent(ref=RemoteRef(remote_id=graph.created_id(job.line, reply)))

    def ask(self, job: Job) -> Asked:
        """The container's word, and the list's where it says nothing or leaves out the post's id."""
        state = self._asked_state(job)
        found = self._in_list(job)
        if isinstance(found, Found):
            return found
        if state == "PUBLISHED":
            return found if isinstance(found, Similar) else Processing()
        if state in {"FINISHED", "IN_PROGRESS"}:
            return Absent(certain=job.now() >= job.settled_at)
        return found

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        """A link that can't be read is no reason to think that the post is gone: nor is a post, while a list has it."""
        for fields in (self.fields, self.fields.replace("permalink,", "")):
            reply = job.line.get(f"api:/{ref.remote_id}", params={"fields": fields}, ok=(200, 400))
            if reply.status == 200:
                return self._reading(job.line.value(reply), graph.created_id(job.line, reply))
            if (refusal := job.line.read(reply)).subcode != "33":
                raise job.line.error(refusal)
        listing = asking.walk(lambda cursor: self._page(job, cursor), asking.window_start(job))
        for post in listing.posts:
            if post.ref.remote_id == ref.remote_id:
                return Reading(ref=post.ref, text=post.text, media=post.media)
        if not listing.complete:
            raise OutcomeUnclear(f"{job.line.title} shows neither the post nor the whole list.")
        return None

    # Containers

    def _not_published(self, job: Job, refusal: Refusal, tried: str) -> Exception:
        """The error of a publishing call. tried: the container of an earlier one, which may be what made it go."""
        error = job.line.error(refusal)
        if refusal.subcode in self.ended and tried == job.memory.get(PARENT):
            return OutcomeUnclear(f"{job.line.title} no longer has the container, which was sent before.")
        if not isinstance(error, OutcomeUnclear):
            job.memory.put(tried=tried)
        if refusal.subcode in self.ended:
            _forget(job)
        return error

    def _children(self, job: Job) -> NotYet | None:
        if len(job.files) < 2:
            return None
        for medium in job.files:
            self._make(job, f"child_{medium.position}", partial(self.child_fields, job, medium))
        waits = [found for medium in job.files if (found := self._look(job, f"child_{medium.position}"))]
        return max(waits, key=lambda each: each.seconds) if waits else None

    def _make(self, job: Job, name: str, fields: Callable[[], dict[str, str]]) -> None:
        """Makes a container, unless there is one that still holds. One whose id was lost is never published."""
        if _fresh(job, name):
            return
        reply = job.line.post(f"api:/{job.channel.account.remote_id}/{self.containers}", data=fields(), seconds=60)
        made = {name: graph.created_id(job.line, reply), f"{name}_made": job.now().isoformat(), f"{name}_ready": ""}
        job.memory.put(**made)

    def _look(self, job: Job, name: str) -> NotYet | None:
        """None once the container is ready. One that failed or ended is forgotten: the next call makes another."""
        if job.memory.get(f"{name}_ready"):
            return None
        reply = job.line.get(f"api:/{job.memory.get(name)}", params={"fields": f"{self.state},{self.words}"})
        said, state = job.line.value(reply), job.line.value(reply, self.state)
        if state in {"FINISHED", "PUBLISHED"}:
            job.memory.put(**{f"{name}_ready": "yes"})
            return None
        if state == "ERROR":
            _forget(job)
            raise self._failure(job, str(said.get(self.words) or "no reason given"))
        if state == "EXPIRED":
            _forget(job)
            return NotYet(1, "The container ended; another one is made.")
        films = any(medium.media_type.startswith("video/") for medium in job.files)
        return NotYet(FILM_SECONDS if films else PICTURE_SECONDS, f"{job.line.title} works at the files.")

    def _failure(self, job: Job, words: str) -> Exception:
        error = job.line.error(self.container_refusal(words))
        return error if isinstance(error, PostRefused) else PublishLater(error.message, retry_after=60)

    @abstractmethod
    def container_refusal(self, words: str) -> Refusal:
        """The reason that a container gives for its failure, as an error of the platform."""

    # Asking

    def _asked_state(self, job: Job) -> str:
        """The container's state; empty where there is no container (any more)."""
        if not (container := job.memory.get(PARENT)):
            return ""
        asked = {"fields": f"{self.state},{self.words}"}
        reply: Reply = job.line.get(f"api:/{container}", params=asked, ok=(200, 400, 404))
        if reply.status == 200:
            return str(job.line.value(reply, self.state))
        refusal = job.line.read(reply)
        if refusal.code == "24" or refusal.subcode == "33":
            return ""
        raise job.line.error(refusal)

    def _in_list(self, job: Job) -> Asked:
        listing = asking.walk(lambda cursor: self._page(job, cursor), asking.window_start(job))
        return asking.among(self, job, listing)

    def _page(self, job: Job, cursor: str) -> tuple[list[Listed], str]:
        where = f"api:/{job.channel.account.remote_id}/{self.list_edge(job)}"
        posts, after = graph.page(job.line, where, self.fields, cursor)
        return [self._entry(post) for post in posts], after

    def _entry(self, post: Mapping[str, Any]) -> Listed:
        ref = RemoteRef(remote_id=str(post["id"]), permalink=str(post.get("permalink", "")))
        text, made = str(post.get(self.text_field, "")), graph.moment(post["timestamp"])
        return Listed(ref=ref, text=text, created_at=made, media=files_of(post))

    def _reading(self, post: Mapping[str, Any], remote_id: str) -> Reading:
        ref = RemoteRef(remote_id=remote_id, permalink=str(post.get("permalink", "")))
        return Reading(ref=ref, text=str(post.get(self.text_field, "")), media=files_of(post))


def files_of(post: Mapping[str, Any]) -> int:
    """How many files a post has, by its `media_type` and `children`."""
    kind = str(post.get("media_type", ""))
    if kind.startswith("CAROUSEL"):
        return len(post.get("children", {}).get("data", ()))
    return 0 if kind.startswith("TEXT") else 1


def figures(line: Line, remote_id: str, asked: Mapping[str, str]) -> dict[str, int]:
    """Figures of one post by our names. asked: the platform's name by ours.

    Empty where the post is gone, or the account did not allow that figures are read. A name that is no longer offered
    fails the whole call: then each is asked by itself.
    """
    params = {"metric": ",".join(asked.values())}
    reply = line.get(f"api:/{remote_id}/insights", params=params, ok=(200, 400, 403))
    if reply.status != 200:
        refusal = line.read(reply)
        if refusal.code == "100" and refusal.subcode != "33" and len(asked) > 1:
            alone = (figures(line, remote_id, {ours: theirs}) for ours, theirs in asked.items())
            return {name: value for found in alone for name, value in found.items()}
        if refusal.code in {"100", *graph.PERMISSIONS}:
            return {}
        raise line.error(refusal)
    native = graph.insights(line.value(reply))
    return {ours: native[theirs] for ours, theirs in asked.items() if theirs in native}


def _fresh(job: Job, name: str) -> bool:
    made = job.memory.get(f"{name}_made") if job.memory.get(name) else ""
    return bool(made) and datetime.fromisoformat(made) > job.now() - CONTAINER_LIFE


def _children_ids(job: Job) -> list[str]:
    return [job.memory.get(f"child_{medium.position}") for medium in job.files] if len(job.files) > 1 else []


def _forget(job: Job) -> None:
    names = [PARENT, *(f"child_{medium.position}" for medium in job.files)]
    job.memory.put(**dict.fromkeys(names, ""))
