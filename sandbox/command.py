"""The server as a process: `python -m sandbox --port 8901 --latency 0.5`."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pressroom.errors import PressroomError
from sandbox.answers import warm_up
from sandbox.faults import Fault
from sandbox.profiles import profiles
from sandbox.server import ProviderServer
from sandbox.social.frame.faults import KINDS
from sandbox.social.frame.server import SocialServer

if TYPE_CHECKING:
    from sandbox.trends import TrendServer

SOCIAL_PORT = 8902
TRENDS_PORT = 8903

EXAMPLES = """examples:
  %(prog)s --latency 0.5-2                    as slow as a real one
  %(prog)s --fault-rate 0.3 --seed 7          three calls in ten fail, the same ones each time
  %(prog)s --fault overloaded --fault-rate 1  every call fails in the same way
  %(prog)s --tokens-a-minute 30000            holds to a limit, as an account does
  %(prog)s --social                           ten social platforms to publish to; what is public is at its address
  %(prog)s --trends --source-fault x=429      all trend sources with a recorded day; one asks for a pause
"""


def serve(
    *, host: str = "127.0.0.1", port: int = 8901, tell: Callable[[str], object] | None = None, **options: Any
) -> None:
    """Serves until interrupted or terminated. `options`: fields of `Options`; `tell` gets a line for each address."""
    warm_up()
    server = ProviderServer(host=host, port=port, **options)
    asyncio.run(_until_told(server, tell or _to_stdout))


def serve_social(
    *, host: str = "127.0.0.1", port: int = SOCIAL_PORT, tell: Callable[[str], object] | None = None
) -> None:
    """Serves the stand-ins of social platforms until interrupted or terminated."""
    asyncio.run(_until_told(SocialServer(host=host, port=port), tell or _to_stdout))


def serve_trends(
    *,
    host: str = "127.0.0.1",
    port: int = TRENDS_PORT,
    faults: Sequence[tuple[str, str]] = (),
    tell: Callable[[str], object] | None = None,
) -> None:
    """Serves the stand-ins of trend sources until interrupted or terminated. faults: pairs of source and kind."""
    from sandbox.trends import TrendServer  # with the readers of all sources, which other servers do not need

    server = TrendServer(host=host, port=port)
    for source, kind in faults:
        server.fail(source, kind)
    asyncio.run(_until_told(server, tell or _to_stdout))


async def _until_told(server: ProviderServer | SocialServer | TrendServer, tell: Callable[[str], object]) -> None:
    def ready() -> None:
        for name, value in server.env.items():
            tell(f"{name}={value}")
        if tell is _for_a_shell:
            sys.stderr.write(f"Listening at {server.url}. Ctrl-C stops it.\n")

    serving = asyncio.create_task(server.serve(ready))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    await asyncio.wait([serving])
    if not serving.cancelled() and (error := serving.exception()) is not None:
        raise error


def _to_stdout(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _for_a_shell(line: str) -> None:
    """A line that a shell takes as it is."""
    name, _, value = line.partition("=")
    _to_stdout(f"export {name}={shlex.quote(value)}")


def main(argv: Sequence[str] | None = None, *, called: str = "python -m sandbox") -> int:
    """Exit code 2 when it could not be started as asked. `called`: what a person typed before `argv`."""
    given = vars(_parser(called).parse_args(argv))
    if given.pop("list_profiles"):
        for title, usable in (("Providers", True), ("What goes wrong", False)):
            _to_stdout(f"{title}:")
            for name, profile in profiles().items():
                if (not profile.reason) is usable:
                    _to_stdout(f"  /{name + '/v1':<20} {profile.about}")
        return 0
    if given.pop("list_faults"):
        for fault in Fault:
            _to_stdout(f"{fault:<20} {fault.description}")
        return 0
    tell = _for_a_shell if called.startswith("pressroom") else _to_stdout
    try:
        port, faults = given["port"], given.pop("source_faults") or ()
        if given.pop("trends"):
            serve_trends(host=given["host"], port=port if port != 8901 else TRENDS_PORT, faults=faults, tell=tell)
            return 0
        if given.pop("social"):
            serve_social(host=given["host"], port=port if port != 8901 else SOCIAL_PORT, tell=tell)
            return 0
        serve(tell=tell, **{name: value for name, value in given.items() if value is not None})
    except PressroomError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser(called: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=called,
        description="A provider of text that costs nothing: scripted, counted, faulty on demand.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--social", action="store_true", help="stand-ins of ten social platforms instead, on port 8902")
    add("--trends", action="store_true", help="all trend sources with a recorded day instead, on port 8903")
    add("--source-fault", dest="source_faults", type=_source_fault, action="append", metavar="SOURCE=KIND",
        help=f"of a trend source: {', '.join(KINDS)}; repeatable")  # fmt: skip
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=8901, help="0 takes a free one")
    add("--latency", type=_latency, help="seconds, or a range: 0.5-2")
    add("--moderation-latency", type=float, help="seconds")
    add("--job-looks", type=int, help="how often a job is asked about before its result is there")
    add("--fault-rate", type=_share, help="share of text requests something goes wrong with, 0 to 1")
    add("--fault", dest="faults", type=_fault, action="append", metavar="NAME", help="pick from these; repeatable")
    add("--seed", type=int, help="same seed, same faults")
    add("--retry-after", type=float, help="seconds of Retry-After")
    add("--key", dest="accepted_keys", action="append", help="accept only these keys; repeatable")
    add("--model", dest="known_models", action="append", help="know only these models; repeatable")
    add("--requests-a-minute", type=int, help="more get 429")
    add("--tokens-a-minute", type=int, help="the same, counted as each provider counts")
    add("--made-up-ideas", action="store_true", help="ideas by number, for runs of more than the topic bank has")
    add("--list-profiles", action="store_true", help="tell which providers have a path of their own, and stop")
    add("--list-faults", action="store_true", help="tell what can go wrong, and stop")
    return parser


def _latency(text: str) -> float | tuple[float, float]:
    least, dash, most = text.partition("-")
    return (float(least), float(most)) if dash else float(least)


def _fault(name: str) -> Fault:
    for fault in Fault:
        if fault == name:
            return fault
    raise argparse.ArgumentTypeError(f"there is no fault called {name}; see --list-faults")


def _source_fault(text: str) -> tuple[str, str]:
    source, _, kind = text.partition("=")
    if kind not in KINDS:
        raise argparse.ArgumentTypeError(f"{text} is not SOURCE=KIND, with a kind of {', '.join(KINDS)}")
    return source, kind


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return share
