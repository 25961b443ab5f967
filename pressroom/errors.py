"""Every error Pressroom raises, grouped by what the caller should do about it.

PressroomError
├── Passing            try the same provider again, after a while
│   ├── RateLimited        it asked us to slow down (429), perhaps saying for how long
│   ├── ProviderBusy       it failed on its side (408, 409, 5xx, 529)
│   ├── ProviderTimeout    it did not answer in time
│   ├── ConnectionBroken   the connection broke before the whole answer arrived
│   ├── BrokenAnswer       it answered, but not in the shape that was asked for
│   │   └── JobLost            it no longer knows the job that it had accepted
│   ├── LeftAlone          it failed too often lately, so calls to it are paused
│   ├── DeadlinePassed     the task's time was up before it could be asked
│   └── PublishLater       the platform can't take a post now; nothing of it is public
├── Lasting            asking this provider again will not help: go to the next one
│   ├── KeyRefused         wrong or missing key, or no right to use the model
│   ├── CreditsExhausted   the account has no money left
│   ├── UnknownModel       the model does not exist (any more)
│   ├── RegionRefused      the provider does not serve the place the call came from
│   ├── WrongAddress       no provider answers at its base URL
│   ├── BlockedOnTheWay    a proxy or firewall answered instead of the provider
│   ├── ContentRefused     the model declined to answer
│   ├── RequestRejected    the provider calls our request invalid
│   ├── CannotCompose      the offline engine, or this maker of pictures, can't make this
│   ├── BudgetReached      the money set aside is spent: no further paid call
│   └── PostRefused        the platform refuses a post as it is; nothing of it is public
├── NeedsPerson        a person has to change something before it can work
│   ├── WrongInput         a parameter, file or name that makes no sense (exit code 2)
│   │   ├── LogoTooLarge       a logo that does not fit on the picture
│   │   ├── NotFound           nothing of that name or id, or nothing that may be seen
│   │   ├── MoveRefused        a state that content can't go to from where it is, or not by this person
│   │   ├── RulesBroken        content that its format's rules keep from being approved
│   │   └── AlreadyThere       a name that is taken, or a key that was used for something else
│   ├── Conflict           another user has changed it since it was read
│   ├── Refused            the caller may not do this
│   │   ├── NotSignedIn        no sign-in, or one that is over
│   │   ├── Forbidden          signed in, but not allowed
│   │   ├── Throttled          too often; says when to come back
│   │   └── PlanLimit          more than the workspace's plan has
│   ├── Misconfigured      a setting is missing or contradicts another
│   ├── ChannelUnusable    an account at a platform can't publish: token, scope, role, money or audit
│   ├── OutcomeUnclear     a post may be public or not: the platform has to be asked
│   │   └── DuplicatePost      the platform says that it has this post already
│   ├── DatabaseUnusable   the database can't be reached, or has another schema
│   ├── StoreUnusable      the artifact store can't be read or written
│   └── SourceUnusable     a document (or picture) that a user named can't be used
│       ├── SourceUnreachable  no answer from its address, or not in time
│       ├── SourceForbidden    an address we never fetch, or one that refuses us
│       ├── SourceNeedsLogin   the page asks for a sign-in instead of showing itself
│       ├── SourceNotFound     there is no such file or page
│       ├── SourceTooLarge     more bytes, words or entries than are taken
│       ├── SourceEmpty        it holds nothing
│       ├── SourceNoArticle    it can be read, but no running text is in it
│       ├── SourceUnreadable   damaged, or of an unsupported kind
│       ├── InvalidImageFormat not a picture, damaged, or of an unsupported kind
│       ├── ImageTooLarge      more bytes or pixels than are taken
│       └── ImageTooSmall      fewer pixels than a platform can use
└── GivenUp            everything that could be tried was tried
    ├── ChainExhausted     every provider of the chain failed; names each attempt
    ├── IdeasExhausted     no fresh ideas were left after the last round
    ├── RunBusy            the same run is alive elsewhere
    ├── GateFailed         the batch gate itself could not run
    ├── ProcessingTimeout  a picture's time was up; what was done by then is kept
    ├── RenderFailed       ffmpeg could not make a film
    ├── Cancelled          the user stopped it
    ├── RunFailed          a run ended without a single draft
    └── PublishFailed      publications raised an error of ours; each is looked at again

A message is one sentence, `hint` is the next step, and neither ever holds a secret.
"""

from __future__ import annotations

from collections.abc import Sequence


class PressroomError(Exception):
    """Root of the tree. `code` is stable and meant for programs, `str(error)` for people."""

    code = "PRESSROOM_ERROR"
    next_step = ""
    """The hint where an error is raised without one of its own."""
    answer: object = None
    """The answer that came with a failure and is paid for all the same: a `pressroom.model.Answer`."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.next_step

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Passing(PressroomError):
    """The same call may well succeed later. `retry_after`: seconds the provider asked for, if it did."""

    code = "PROVIDER_PASSING"

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class RateLimited(Passing):
    code = "PROVIDER_RATE_LIMIT"
    next_step = "Wait until its limits allow more."


class ProviderBusy(Passing):
    code = "PROVIDER_BUSY"
    next_step = "Try again in a few minutes."


class ProviderTimeout(Passing):
    code = "PROVIDER_TIMEOUT"
    next_step = "Give it longer: PRESSROOM_TIMEOUT, for pictures PRESSROOM_IMAGE_TIMEOUT."


class ConnectionBroken(Passing):
    code = "PROVIDER_CONNECTION"
    next_step = "Check its address, and that it can be reached from here."


class BrokenAnswer(Passing):
    code = "PROVIDER_BROKEN_ANSWER"
    next_step = "Try again; if it goes on so, set a more capable model."


class JobLost(BrokenAnswer):
    code = "PROVIDER_JOB_LOST"
    next_step = "The same command orders it again."


class LeftAlone(Passing):
    code = "PROVIDER_LEFT_ALONE"
    next_step = "Wait, or ask another provider."


class DeadlinePassed(Passing):
    code = "TASK_DEADLINE"
    next_step = "Give it longer: PRESSROOM_TASK_DEADLINE."


class PublishLater(Passing):
    """Nothing is public. `retry_after`: seconds until the next attempt makes sense, where the platform said so."""

    code = "PUBLISH_LATER"
    next_step = "It is tried again by itself."


class Lasting(PressroomError):
    """The same provider would fail again: the chain goes on to the next one at once."""

    code = "PROVIDER_LASTING"


class KeyRefused(Lasting):
    code = "PROVIDER_KEY_REFUSED"


class CreditsExhausted(Lasting):
    code = "PROVIDER_CREDITS_EXHAUSTED"


class UnknownModel(Lasting):
    code = "PROVIDER_UNKNOWN_MODEL"


class RegionRefused(Lasting):
    code = "PROVIDER_REGION"


class WrongAddress(Lasting):
    code = "PROVIDER_WRONG_ADDRESS"


class BlockedOnTheWay(Lasting):
    code = "PROVIDER_BLOCKED"


class ContentRefused(Lasting):
    code = "PROVIDER_REFUSED"
    next_step = "Change the topic or its words, or ask another provider."


class RequestRejected(Lasting):
    code = "PROVIDER_REQUEST_REJECTED"
    next_step = "Set another model, or ask another provider."


class CannotCompose(Lasting):
    code = "OFFLINE_CANNOT_COMPOSE"


class BudgetReached(Lasting):
    """`reached`: which limit, and what is spent of it, as a run's row keeps it."""

    code = "BUDGET_REACHED"

    def __init__(self, message: str, *, hint: str = "", reached: dict[str, object] | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reached = reached or {}


class PostRefused(Lasting):
    """Nothing is public, and the same post would be refused again. `reason`: stable, e.g. `image_too_large`."""

    code = "POST_REFUSED"
    next_step = "Change the draft, approve it again and plan it again."

    def __init__(self, message: str, *, hint: str = "", reason: str = "refused") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class NeedsPerson(PressroomError):
    code = "NEEDS_PERSON"


class WrongInput(NeedsPerson):
    code = "WRONG_INPUT"


class LogoTooLarge(WrongInput):
    code = "LOGO_TOO_LARGE"


class NotFound(WrongInput):
    code = "NOT_FOUND"


class MoveRefused(WrongInput):
    code = "MOVE_REFUSED"


class RulesBroken(WrongInput):
    """`violations`: what is wrong, as `pressroom.model.Violation`s."""

    code = "RULES_BROKEN"

    def __init__(self, message: str, *, hint: str = "", violations: Sequence[object] = ()) -> None:
        super().__init__(message, hint=hint)
        self.violations = tuple(violations)


class AlreadyThere(WrongInput):
    code = "ALREADY_THERE"


class Conflict(NeedsPerson):
    """`version`: the one it is at now."""

    code = "VERSION_CONFLICT"

    def __init__(self, message: str, *, hint: str = "", version: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.version = version


class Refused(NeedsPerson):
    code = "REFUSED"


class NotSignedIn(Refused):
    code = "NOT_SIGNED_IN"


class Forbidden(Refused):
    code = "FORBIDDEN"


class Throttled(Refused):
    """`retry_after`: seconds until it may be tried again."""

    code = "TOO_MANY_REQUESTS"

    def __init__(self, message: str, *, hint: str = "", retry_after: float = 60.0) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class PlanLimit(Refused):
    code = "PLAN_LIMIT"


class Misconfigured(NeedsPerson):
    code = "MISCONFIGURED"


class ChannelUnusable(NeedsPerson):
    """Nothing is public. `reason`: stable, e.g. `token_revoked`, `scope_missing`, `wrong_account`, `trial_access`."""

    code = "CHANNEL_UNUSABLE"
    next_step = "Connect the channel again."

    def __init__(self, message: str, *, hint: str = "", reason: str = "token_revoked") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class OutcomeUnclear(NeedsPerson):
    code = "OUTCOME_UNCLEAR"
    next_step = "The platform is asked; nothing is sent again before that is clear."


class DuplicatePost(OutcomeUnclear):
    """`remote_id`: of the post that is there already, where the platform names it."""

    code = "POST_DUPLICATE"

    def __init__(self, message: str, *, hint: str = "", remote_id: str = "") -> None:
        super().__init__(message, hint=hint)
        self.remote_id = remote_id


class DatabaseUnusable(NeedsPerson):
    """`may_pass`: true when the database may come back in a while; false for an invalid address, for example."""

    code = "DATABASE_UNUSABLE"

    def __init__(self, message: str, *, hint: str = "", may_pass: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.may_pass = may_pass


class StoreUnusable(NeedsPerson):
    """`may_pass`: false where another attempt a moment later can't help, as on a full disk."""

    code = "STORE_UNUSABLE"
    may_pass: bool = True


class SourceUnusable(NeedsPerson):
    """`status`: of the HTTP answer that it came of, if it came of one."""

    code = "SOURCE_UNUSABLE"
    status: int | None = None


class SourceUnreachable(SourceUnusable):
    code = "SOURCE_UNREACHABLE"


class SourceForbidden(SourceUnusable):
    code = "SOURCE_FORBIDDEN"


class SourceNeedsLogin(SourceUnusable):
    code = "SOURCE_NEEDS_LOGIN"


class SourceNotFound(SourceUnusable):
    code = "SOURCE_NOT_FOUND"


class SourceTooLarge(SourceUnusable):
    code = "SOURCE_TOO_LARGE"


class SourceEmpty(SourceUnusable):
    code = "SOURCE_EMPTY"


class SourceNoArticle(SourceUnusable):
    code = "SOURCE_NO_ARTICLE"


class SourceUnreadable(SourceUnusable):
    code = "SOURCE_UNREADABLE"


class InvalidImageFormat(SourceUnusable):
    code = "INVALID_IMAGE_FORMAT"


class ImageTooLarge(SourceUnusable):
    code = "IMAGE_TOO_LARGE"


class ImageTooSmall(SourceUnusable):
    code = "IMAGE_TOO_SMALL"


class GivenUp(PressroomError):
    code = "GIVEN_UP"


class ChainExhausted(GivenUp):
    """`attempts`: provider, code, sentence of each, in order; equal ones in a row on one line: `openai: 3 x ...`."""

    code = "CHAIN_EXHAUSTED"

    def __init__(self, attempts: Sequence[str], *, hint: str = "") -> None:
        super().__init__("No provider of the chain answered: " + "; ".join(attempts), hint=hint)
        self.attempts = tuple(attempts)


class IdeasExhausted(GivenUp):
    code = "IDEAS_EXHAUSTED"


class RunBusy(GivenUp):
    code = "RUN_BUSY"


class GateFailed(GivenUp):
    code = "GATE_FAILED"


class ProcessingTimeout(GivenUp):
    code = "PROCESSING_TIMEOUT"


class RenderFailed(GivenUp):
    code = "RENDER_FAILED"


class Cancelled(GivenUp):
    code = "CANCELLED"


class PublishFailed(GivenUp):
    """`report`: the `PublishReport` of the rows that were worked at."""

    code = "PUBLISH_FAILED"
    next_step = "The log has the details. They are looked at again in 5 minutes, and nothing is sent twice."

    def __init__(self, message: str, report: object = None, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.report = report


class RunFailed(GivenUp):
    """`report`: the run's `RunReport`, with the reason of every draft that could not be made."""

    code = "RUN_FAILED"

    def __init__(self, message: str, report: object = None) -> None:
        super().__init__(message, hint="`pressroom show latest` lists every reason; the same command tries again.")
        self.report = report
