"""A picture's finished files brought to where they are shown from; one that can't be is a note, not a failure."""

from __future__ import annotations

from collections.abc import Sequence

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from pressroom.errors import Passing, PressroomError
from pressroom.media.optimize.cutting import OutputFolder
from pressroom.model.results import PlatformResult
from pressroom.publishers.delivery.cloudinary import Cloudinary, content_id

ATTEMPTS = 3


def delivered(
    results: Sequence[PlatformResult], output: OutputFolder, client: Cloudinary, *, folder: str
) -> tuple[PlatformResult, ...]:
    """The results with the delivery address of each picture, or a note that says why it has no address."""
    return tuple(_delivered(result, output, client, f"{folder}/{output.workspace}") for result in results)


def _delivered(result: PlatformResult, output: OutputFolder, client: Cloudinary, folder: str) -> PlatformResult:
    if result.image is None:
        return result
    try:
        data = output.store.get(f"{output.folder}/{result.image.file}")
        url = _uploaded(data, result.image.media_type, folder, client)
    except PressroomError as error:
        return result.model_copy(update={"notes": (*result.notes, f"Not delivered: {error.message}")})
    return result.model_copy(update={"image": result.image.model_copy(update={"url": url})})


def _uploaded(data: bytes, media_type: str, folder: str, client: Cloudinary) -> str:
    retrying = Retrying(
        retry=retry_if_exception_type(Passing),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential_jitter(initial=1, max=10),
        reraise=True,
    )
    public_id = content_id(data, folder=folder)
    return str(retrying(client.deliver, data, public_id, media_type=media_type).url)
