"""The errors for what the database does not have, or not in the state that is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from pressroom.errors import NotFound, WrongInput
from pressroom.model.briefs import RunStatus

T = TypeVar("T")

LATEST = frozenset({"", "latest"})
"""How the newest run is asked for."""

COLLECTIONS = "trends"
"""Kind of the runs that collect trends: several a day, shown with the trends and not among what was made."""

FILMS = "film"
"""Kind of the runs that make films. The latest run is the one with the drafts, not the film made of one."""

UNFINISHED = (RunStatus.FAILED, RunStatus.PARTIAL, RunStatus.CANCELLED)
"""A run that ended so lacks something, which `retry` makes."""


class Ended(Protocol):
    """A run, as far as its end goes."""

    id: str
    status: str


def no_run(wanted: str) -> WrongInput:
    if wanted.strip() in LATEST:
        return WrongInput("There is no run yet.", hint="`pressroom daily` makes the first one.")
    return WrongInput(f"There is no run {wanted!r}.", hint="`pressroom runs` lists them.")


def only_run(found: Sequence[T], wanted: str, *, is_day: bool) -> T:
    """The run that is meant: of `latest` and of a day the first. Raises WrongInput for none, and for several."""
    if not found:
        raise no_run(wanted)
    if len(found) > 1 and wanted.strip() not in LATEST and not is_day:
        raise WrongInput(f"Several runs begin with {wanted!r}.", hint="Give more digits of the id.")
    return found[0]


def check_running(run: Ended) -> None:
    """Raises WrongInput when the run has ended."""
    if run.status != RunStatus.RUNNING:
        hint = f"`pressroom retry {run.id[:8]}` makes what it lacks." if run.status in UNFINISHED else ""
        raise WrongInput(f"Run {run.id[:8]} is {run.status}: there is nothing to cancel.", hint=hint)


def only_content(found: Sequence[T], wanted: str) -> T:
    """The piece of content that is meant. Raises WrongInput for none, and for several."""
    if len(found) == 1:
        return found[0]
    problem = "Several pieces of content begin" if found else "No piece of content begins"
    raise WrongInput(f"{problem} with {wanted!r}.", hint="`pressroom show RUN` lists a run's content ids.")


def only_opportunity(found: Sequence[T], wanted: str) -> T:
    """The opportunity that is meant. Raises WrongInput for none, and for several."""
    if len(found) == 1:
        return found[0]
    if found:
        raise WrongInput(f"Several opportunities begin with {wanted!r}.", hint="Give more digits of the id.")
    raise WrongInput(f"There is no opportunity {wanted!r}.", hint="`pressroom opportunities list` lists them.")


def no_voice(name: str, known: Sequence[str]) -> WrongInput:
    hint = f"Choose from: {', '.join(known)}." if known else "Load one with `pressroom voices load voice.toml`."
    return WrongInput(f"The workspace has no voice called {name!r}.", hint=hint)


def no_workspace(name: str) -> NotFound:
    return NotFound(f"There is no workspace {name!r}.", hint="Its first run makes it, or `pressroom workspace set`.")
