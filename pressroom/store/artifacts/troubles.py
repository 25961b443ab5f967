"""A store's failure explained to a person: one sentence and the next step, never a secret.

Failures are recognised by name (of the class, of S3's error code, of the errno), so that neither botocore nor any
other driver has to be imported to talk about them.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pressroom.errors import PressroomError, StoreUnusable


@dataclass(frozen=True)
class Trouble:
    """`marks`: any of these names recognises it; `reason`: half a sentence; `hint`: what to do."""

    marks: frozenset[str]
    reason: str
    hint: str


def _trouble(marks: str, reason: str, hint: str) -> Trouble:
    return Trouble(frozenset(marks.split()), reason, hint)


_OTHER_STORE = "or set PRESSROOM_STORE_URL to another place."
TROUBLES = (  # the first that fits is told: the narrow ones come first
    _trouble("NoSuchBucket", "the bucket does not exist", "Create it, or correct PRESSROOM_STORE_URL."),
    _trouble(
        "InvalidAccessKeyId SignatureDoesNotMatch InvalidToken InvalidClientTokenId ExpiredToken TokenRefreshRequired "
        "InvalidSecurity AuthFailure",
        "the credentials were refused",
        "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_PROFILE.",
    ),
    _trouble(
        "NoCredentialsError PartialCredentialsError CredentialRetrievalError TokenRetrievalError NoAuthTokenError",
        "no credentials were found",
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.",
    ),
    _trouble("ProfileNotFound", "the AWS profile does not exist", "Correct AWS_PROFILE, or add it to ~/.aws/config."),
    _trouble(
        "PermanentRedirect 301 IllegalLocationConstraintException AuthorizationHeaderMalformed",
        "the bucket is in another region",
        "Set AWS_DEFAULT_REGION to the bucket's region.",
    ),
    _trouble("RequestTimeTooSkewed", "this machine's clock is wrong", "Set the clock."),
    _trouble("InvalidBucketName ParamValidationError", "S3 takes no such name", "Correct PRESSROOM_STORE_URL."),
    _trouble(
        "AccessDenied AllAccessDisabled AccountProblem",
        "the credentials have no right to it",
        "Allow s3:ListBucket on the bucket and s3:GetObject, s3:PutObject and s3:DeleteObject in it.",
    ),
    _trouble(  # the answer to a HEAD has no body to say more
        "403",
        "the credentials were refused or have no right to it",
        "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; `pressroom doctor` says more.",
    ),
    _trouble("SSLError", "the endpoint's certificate is not trusted", "Check AWS_ENDPOINT_URL, or set AWS_CA_BUNDLE."),
    _trouble(
        "EndpointConnectionError ConnectTimeoutError ReadTimeoutError ConnectionClosedError HTTPClientError "
        "FSTimeoutError TimeoutError ConnectionError gaierror",
        "its endpoint does not answer",
        "Check AWS_ENDPOINT_URL and the network.",
    ),
    _trouble("SlowDown 503 ServiceUnavailable 500 InternalError", "S3 is overloaded", "Try again in a while."),
    _trouble(
        "ResponseParserError 404 405 501 NotImplemented", "no S3 answers at its endpoint", "Check AWS_ENDPOINT_URL."
    ),
    _trouble("PermissionError EACCES EPERM", "permission denied", f"Give this user the right, {_OTHER_STORE}"),
    _trouble("EROFS", "the file system is read-only", f"Mount it for writing, {_OTHER_STORE}"),
    _trouble("ENOSPC EDQUOT", "no space is left", f"Make room, {_OTHER_STORE}"),
    _trouble("NotADirectoryError FileExistsError", "it is not a folder", "Correct PRESSROOM_STORE_URL."),
    _trouble("ValueError", "its address makes no sense", "Check PRESSROOM_STORE_URL and AWS_ENDPOINT_URL."),
)


def marks_of(error: BaseException) -> frozenset[str]:
    """Every name the error and its causes go by: classes, S3's error codes, errnos."""
    marks: set[str] = set()
    cause: BaseException | None = error
    while cause is not None:
        marks.update(kind.__name__ for kind in type(cause).__mro__)
        if isinstance(cause, OSError) and cause.errno:
            marks.add(errno.errorcode.get(cause.errno, ""))
        marks.add(code_of(cause))
        cause = cause.__cause__
    return frozenset(marks - {""})


def code_of(error: BaseException) -> str:
    """S3's error code when the error is an answer of S3 (`NoSuchKey`, or `404` where there was no body), else ''."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


@contextmanager
def told(store: str) -> Iterator[None]:
    """Turns what goes wrong inside into StoreUnusable. `store`: its address, without secrets.

    The original is cut off: its message may quote headers, signed addresses or options.
    """
    try:
        yield
    except (PressroomError, TypeError, AttributeError, NameError):
        raise  # said already, or a mistake in the code
    except Exception as error:
        raise explained(store, error) from None


def explained(store: str, error: Exception) -> StoreUnusable:
    """The error as one sentence and a hint."""
    marks = marks_of(error)
    known = next((trouble for trouble in TROUBLES if trouble.marks & marks), None)
    reason = known.reason if known else _unknown(error)
    hint = known.hint if known else "Check PRESSROOM_STORE_URL; `pressroom doctor` tries the store."
    return StoreUnusable(f"The artifact store {store} can't be used: {reason}.", hint=hint)


def _unknown(error: Exception) -> str:
    codes = [code_of(cause) for cause in (error, error.__cause__) if cause is not None]
    return " ".join(["it failed with", type(error).__name__, *filter(None, codes)])
