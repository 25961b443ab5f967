"""docs/publications.md, written from the table of states: `python -m pressroom.review.publications_page`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pressroom import platforms, publishers
from pressroom.model.publication_states import MOVES, STATES, Actor, PartMove, PartState, StateFacts

PAGE = Path("docs/publications.md")

OWNERS = {
    Actor.CLOCK: "the clock",
    Actor.WORKER: "a worker",
    Actor.ASKER: "a worker that asks",
    Actor.VERIFIER: "a worker that reads back",
    Actor.PERSON: "a person",
    Actor.NONE: "an end",
}
PUBLIC = {True: "yes", False: "no", None: "that is the question"}

_PAGE = """# Publications

<!-- Written from pressroom/model/publication_states.py by `python -m pressroom.review.publications_page`. -->

A publication is one approved draft for one channel (an account at a platform). It has a part for each call that is
made: the posts of a thread in order, then the first comment, then a film's thumbnail.

## How it goes

1. A person approves a draft. The approval is bound to the hash of its words and media.
2. It is planned: at a clock time of the workspace's zone, in the channel's next free slot, or now. The desk,
   `pressroom publish`, `POST /api/v1/publications` and the channel's setting "Approved drafts" all do that.
   The row holds exactly what goes out; `--dry-run` (`POST /api/v1/publications/dry-run`) shows it before, with its
   price, the platform's limits, and every problem.
3. The flow `publish` takes what is due, every minute (`pressroom publish` does the same by hand): it checks the
   approval, the account and the files again, uploads, and makes the one call that publishes. The attempt is recorded
   before the first byte leaves.
4. An answer that does not come, or says nothing, makes the part `unknown`: the platform is asked, and nothing is sent
   again until it has said that the post is not there.
5. What is public is read back at once and a day later, and compared with what was approved.

## What is promised

- An approved draft is public at most once on a channel, whatever breaks: a lost answer, a killed process, two workers,
  a restored backup. Only one move leads into `sending`, and only proof, or a person, leads back to it.
- The ledger can always say which of the two it is: public, not public, or not known yet, with who acts next and until
  when. No state is without an owner.
- Each channel is by itself: a failure on one sends nothing again on another. A thread goes on with the part it stopped
  at. A failed comment or thumbnail changes nothing about its post.
- What is later than its channel's window (60 minutes, unless set otherwise) is `missed` and not sent: an outage never
  ends in a burst. Posts of one channel keep its spacing.
- An edit after planning cancels it: what goes out is what was approved, or nothing.

How surely a platform tells afterwards:

| platform | how surely | by what |
|---|---|---|
{proofs}

## States of a part

| state | called | what it says | public | who acts next | within |
|---|---|---|---|---|---|
{states}

A publication as a whole has the state of its parts in one word; `partial` when a part is public and a later one never
will be.

```mermaid
stateDiagram-v2
{diagram}
```

## What a person decides

| from | to | button | what it says |
|---|---|---|---|
{persons}

`needs_person` means that the platform could not be made to tell. Look at the account, then say which it is:
`pressroom publications decide ID there --url ADDRESS`, `send` or `leave`. `pressroom publications show ID` has every
request that was made, and both texts where posts are alike. "It is not there: send it" sends it again: look first.

## Moves that happen by themselves

| from | to | by | what it says |
|---|---|---|---|
{others}

## Pausing

A channel is paused on its page in the settings, a workspace on the calendar, and everything or a platform with
`PRESSROOM_PUBLISH_PAUSED=all` (or `x,linkedin`). What is due waits, and is missed once its window is over. A call that
is under way is not stopped.

## After a backup is restored

Before each first attempt a small mark is written to the artifact store, with the part's key. The key is always the same
for the same draft, words and channel. A database that was restored from before the sending finds the mark and asks the
platform instead of sending. Keep the artifact store when you restore the database alone; with both restored to the
same earlier day, look at the accounts before you start `pressroom up`, and pause until then.

## When nothing happens

Publications that are due for more than 5 minutes while no worker has them make `pressroom doctor` fail, turn `GET
/health` to `degraded`, and are told to `PRESSROOM_NOTIFY_URLS` once an hour by the flow. `pressroom publish` works at
them at once. Any number of workers may run: rows are claimed.
"""


def render() -> str:
    """The page as it should be."""
    return _PAGE.format(
        proofs="\n".join(map(_proof, publishers.names())),
        states="\n".join(_state(state, facts) for state, facts in STATES.items()),
        diagram="\n".join(_diagram()),
        persons="\n".join(
            f"| `{move.origin}` | `{move.target}` | {move.label} | {move.means} |" for move in _of_people()
        ),
        others="\n".join(map(_move, (move for move in MOVES if move.by is not Actor.PERSON))),
    )


def _proof(name: str) -> str:
    publisher = publishers.get(name)
    return f"| {platforms.title(name)} | {publisher.certainty} | {publisher.proof} |"


def _state(state: PartState, facts: StateFacts) -> str:
    within = _time(facts.deadline) if facts.deadline else ""
    return f"| `{state}` | {facts.title} | {facts.means} | {PUBLIC[facts.public]} | {OWNERS[facts.owner]} | {within} |"


def _time(span: timedelta) -> str:
    for unit, seconds in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if span.total_seconds() >= seconds:
            count = int(span.total_seconds() // seconds)
            return f"{count} {unit if count > 1 else unit[:-1]}"
    return f"{int(span.total_seconds())} seconds"


def _diagram() -> Iterator[str]:
    yield f"    [*] --> {PartState.PLANNED}"
    for origin, target in dict.fromkeys((move.origin, move.target) for move in MOVES):
        yield f"    {origin} --> {target}"


def _of_people() -> list[PartMove]:
    return [move for move in MOVES if move.by is Actor.PERSON]


def _move(move: PartMove) -> str:
    return f"| `{move.origin}` | `{move.target}` | {move.by} | {move.means} |"


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
