"""One photo in; for every platform the right picture, words and a ready-to-post file out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, features

from pressroom import platforms
from pressroom.model import RetryRequest, RunReport
from pressroom.model.optimizing import OptimizeRequest
from pressroom.platforms import hashtag_range, image_size_for
from sandbox import Fault, FaultRule, ProviderServer
from tests.fixtures.cloudinary_desk import CLOUD, KEY, SECRET, CloudinaryDesk, refusal
from tests.fixtures.running import ROOT, Said, forget, table_rows

pytestmark = pytest.mark.usefixtures("migrated_home")

PHOTO = ROOT / "tests" / "data" / "photos" / "oranges.jpg"
CUT_OUT = ROOT / "tests" / "data" / "photos" / "cut_out.png"
EVERY = platforms.names()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`PHOTO` at a third of its size, where its size is not the point."""
    file = tmp_path_factory.mktemp("photos") / "oranges.jpg"
    with Image.open(PHOTO) as picture:
        picture.resize((600, 400)).save(file)
    return file


@pytest.fixture(autouse=True)
def no_circuit(monkeypatch: pytest.MonkeyPatch) -> None:
    """No provider is left alone for a while: what fails here fails at once."""
    monkeypatch.setenv("PRESSROOM_CIRCUIT_FAILURES", "1000")


@pytest.fixture
def optimize(nothing_known: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., RunReport]:
    """The flow in this process, its connections made again: two platforms unless told."""
    monkeypatch.setenv("PRESSROOM_LOCAL_FILES", "true")

    def run(*images: Path | str, **wish: Any) -> RunReport:
        from flows.optimize_image import optimize_image as flow

        forget()
        asked = {"images": tuple(map(str, images)), "platforms": ("instagram", "x"), **wish}
        return flow(OptimizeRequest.model_validate(asked))

    return run


def results(report: RunReport, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(report.images[number].results or "").read_text("utf-8"))
    return found


def check_books(folder: Path) -> Counter[str]:
    """Every file of a picture has its row. How many rows there are of each kind."""
    books = table_rows("artifact")
    assert {Path(row["address"]) for row in books} == set(folder.iterdir())
    for row in books:
        data = Path(row["address"]).read_bytes()
        assert (row["sha256"], row["size"]) == (hashlib.sha256(data).hexdigest(), len(data)), row["key"]
    return Counter(row["kind"] for row in books)


def test_a_photo_becomes_a_file_a_text_and_results_for_every_platform(cli: Callable[..., Said]) -> None:
    said = cli("optimize", str(PHOTO), "--all", "--describe", "Three oranges on an old table", "--json")

    assert said.code == 0, said.err
    (image,) = said.json["images"]
    assert (said.json["status"], image["level"], tuple(image["ok"])) == ("completed", "templates", EVERY)
    folder = Path(image["results"]).parent
    for made in json.loads((folder / "results.json").read_text("utf-8"))["platforms"]:
        name = made["platform"]
        with Image.open(folder / made["image"]["file"]) as picture:
            assert picture.size == image_size_for(name, 1800, 1200) == (made["image"]["width"], made["image"]["height"])
            assert not picture.getexif()
        least, most = hashtag_range(name)
        assert least <= len(made["hashtags"]) <= most
        assert made["caption"].startswith("Three oranges on an old table")
        assert made["accounts"] == [] and "search provider" in made["no_accounts_because"]
        text = (folder / f"{name}.txt").read_text("utf-8")
        assert "Three oranges" in text and made["image"]["file"] in text
    page = Path(image["contact_sheet"]).read_text("utf-8")
    assert all(f'"{name}.jpg"' in page for name in EVERY)
    with Image.open(folder / "contact-sheet.png") as sheet:
        assert min(sheet.size) > 300
    kinds = check_books(folder)
    assert kinds == {"picture": len(EVERY), "results": len(EVERY) + 3}


def test_the_same_picture_costs_nothing_the_second_time(
    optimize: Callable[..., RunReport], photo: Path, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = optimize(photo, describe="Three oranges")
    asked = provider.counts["purpose"]
    assert first.status == "completed" and first.calls.made > 0
    assert 0 < first.images[0].seconds <= first.seconds
    rows, books = table_rows("asset"), table_rows("artifact")

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("cut again")

    monkeypatch.setattr("pressroom.media.pictures.variants.drawn", never)
    copy = Path("elsewhere/oranges.jpg")
    copy.parent.mkdir()
    copy.write_bytes(photo.read_bytes())
    from flows.retry import retry

    again = optimize(copy, describe="Three oranges")
    retried = retry(RetryRequest(run=first.run_id))

    assert (again.status, again.run_id, again.calls.made) == ("completed", first.run_id, 0)
    assert (retried.status, retried.run_id, retried.calls.made) == ("completed", first.run_id, 0)
    assert provider.counts["purpose"] == asked
    assert table_rows("asset") == rows
    assert [row["key"] for row in table_rows("artifact")] == [row["key"] for row in books]


def test_a_model_looks_writes_and_the_level_says_so(
    optimize: Callable[..., RunReport], photo: Path, provider: ProviderServer
) -> None:
    report = optimize(photo, chain=("openai",))

    (image,) = report.images
    assert (report.status, image.level) == ("completed", "full_ai"), results(report)
    made = results(report)
    assert made["description"] and made["is_product"] is not None
    assert all(one["image"]["alt_text"] for one in made["platforms"])
    assert not any("without a model" in note for one in made["platforms"] for note in one["notes"])


def test_when_the_models_are_away_templates_write(
    optimize: Callable[..., RunReport], photo: Path, provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, purposes=("vision", "image_caption")))
    report = optimize(photo, describe="Three oranges", chain=("openai",))

    (image,) = report.images
    assert (report.status, image.level, image.failed) == ("completed", "templates", ())
    notes = [note for one in results(report)["platforms"] for note in one["notes"]]
    assert any(note.startswith("No model wrote the words") for note in notes)


def test_without_words_wished_for_it_is_only_cut(
    optimize: Callable[..., RunReport], photo: Path, provider: ProviderServer
) -> None:
    report = optimize(photo, analyse=False, hashtags=("oranges", "f4f"))
    (image,) = report.images
    assert (image.level, image.ok, provider.history) == ("plain_processing", ("instagram", "x"), [])
    assert {one["caption"] for one in results(report)["platforms"]} == {""}
    assert [one["hashtags"] for one in results(report)["platforms"]] == [["oranges"], ["oranges"]]


def test_a_bad_picture_stops_no_other_and_says_why(cli: Callable[..., Said]) -> None:
    Path("empty.jpg").write_bytes(b"")
    Path("words.jpg").write_text("I am no picture.", "utf-8")
    Path("cut.jpg").write_bytes(PHOTO.read_bytes()[:20_000])
    Image.new("RGB", (299, 300)).save("small.png")
    Image.new("RGB", (1, 10_000)).save("strip.png")
    bad = {
        "empty.jpg": "INVALID_IMAGE_FORMAT",
        "words.jpg": "INVALID_IMAGE_FORMAT",
        "cut.jpg": "INVALID_IMAGE_FORMAT",
        "small.png": "IMAGE_TOO_SMALL",
        "strip.png": "IMAGE_TOO_SMALL",
        "missing.png": "SOURCE_NOT_FOUND",
        "http://127.0.0.1/x.png": "SOURCE_FORBIDDEN",
    }

    said = cli("optimize", *bad, str(PHOTO), "--platform", "x", "--no-ai", "--json")

    assert (said.code, said.json["status"]) == (0, "partial")
    assert {image["source"]: image["code"] for image in said.json["images"]} == {**bad, str(PHOTO): ""}
    assert all(image["reason"].endswith((".", "?")) for image in said.json["images"] if image["code"])


def test_nothing_but_bad_pictures_fails(cli: Callable[..., Said]) -> None:
    Path("words.jpg").write_text("I am no picture.", "utf-8")
    said = cli("optimize", "words.jpg", "--platform", "x", "--no-ai", "--json")
    assert (said.code, said.json["status"]) == (1, "failed")
    assert "words.jpg" in said.err
    assert [row["status"] for row in table_rows("run")] == ["failed"]


def test_the_logo_is_on_every_picture(optimize: Callable[..., RunReport], photo: Path) -> None:
    Image.new("RGBA", (200, 100), "#ff00ff").save("logo.png")
    plain = optimize(photo, analyse=False)
    signed = optimize(photo, analyse=False, logo={"files": ("logo.png",), "place": "lower_right"})

    assert plain.run_id != signed.run_id
    for one in results(signed)["platforms"]:
        with Image.open(Path(signed.images[0].results or "").parent / one["image"]["file"]) as picture:
            red, green, blue = picture.convert("RGB").getpixel(  # type: ignore[misc]
                (picture.width - picture.height // 10, picture.height - picture.height // 14)
            )
        assert red > 200 and green < 60 and blue > 200


@pytest.mark.parametrize("kind", ["png", "webp", *(["avif"] if features.check("avif") else [])])
def test_files_come_in_the_format_wished_for(optimize: Callable[..., RunReport], kind: str) -> None:
    report = optimize(CUT_OUT, analyse=False, format=kind)
    file = Path(report.images[0].results or "").parent / f"instagram.{kind}"
    with Image.open(file) as picture:
        assert picture.format == kind.upper()
        assert picture.has_transparency_data


def test_styles_that_need_a_model_are_refused_as_a_note_offline(optimize: Callable[..., RunReport]) -> None:
    report = optimize(CUT_OUT, describe="A green vase", photo_styles=("solid_background", "macro"))

    assert report.status == "completed"
    made = results(report)
    assert {photo["style"] for one in made["platforms"] for photo in one["more_images"]} == {"solid_background"}
    assert any("macro" in note for note in made["notes"])
    kinds = check_books(Path(report.images[0].results or "").parent)
    assert kinds == {"picture": 3, "results": 5}, "two platforms and a photograph; texts, results and the sheet"


def test_a_picture_whose_time_is_up_fails_with_its_code(
    optimize: Callable[..., RunReport], photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pressroom.errors import RunFailed

    monkeypatch.setattr("pressroom.media.optimize.preparing.left", lambda until: (_ for _ in ()).throw(_too_late()))
    with pytest.raises(RunFailed) as failed:
        optimize(photo)
    (image,) = failed.value.report.images  # type: ignore[attr-defined]
    assert image.code == "PROCESSING_TIMEOUT"


def _too_late() -> Exception:
    from pressroom.errors import ProcessingTimeout

    return ProcessingTimeout("The picture's time was up.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--platform", "myspace"), "myspace"),
        ((), "--platform"),
        (("--all", "--platform", "x"), "contradict"),
        (("--all", "--format", "gif"), "--format"),
        (("--all", "--photo", "blurry"), "blurry"),
        (("--all", "--focus", "left"), "--focus"),
    ],
)
def test_wrong_wishes_are_named(cli: Callable[..., Said], words: tuple[str, ...], said: str) -> None:
    answer = cli("optimize", str(PHOTO), *words)
    assert answer.code == 2
    assert said in answer.err


def test_compile_makes_the_texts_again(cli: Callable[..., Said], photo: Path) -> None:
    folder = Path(
        cli("optimize", str(photo), "--platform", "x", "--no-ai", "--json").json["images"][0]["results"]
    ).parent
    before = (folder / "x.txt").read_bytes()
    (folder / "x.txt").unlink()
    assert cli("compile", str(folder / "results.json")).code == 0
    assert (folder / "x.txt").read_bytes() == before


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudinaryDesk]:
    """Finished pictures are delivered to a stand-in for Cloudinary."""
    with CloudinaryDesk() as one:
        monkeypatch.setenv("CLOUDINARY_URL", f"cloudinary://{KEY}:{SECRET}@{CLOUD}")
        monkeypatch.setenv("PRESSROOM_CLOUDINARY_BASE_URL", one.url)
        yield one


def test_pictures_are_delivered_once_by_their_content(
    optimize: Callable[..., RunReport], photo: Path, desk: CloudinaryDesk
) -> None:
    for _ in range(2):
        report = optimize(photo, analyse=False, format="png")
        urls = [one["image"]["url"] for one in results(report)["platforms"]]
        assert all(url.startswith("https://res.cloudinary.com/") for url in urls), results(report)
    assert len(desk.assets) == 2
    assert all(name.startswith("pressroom/default/") for name in desk.assets)


def test_what_cannot_be_delivered_is_a_note(
    optimize: Callable[..., RunReport], photo: Path, desk: CloudinaryDesk
) -> None:
    desk.next = [refusal(401, "Unknown API key")] * 2
    report = optimize(photo, analyse=False, format="png")
    assert report.status == "completed"
    made = results(report)["platforms"]
    assert {one["image"]["url"] for one in made} == {""}
    assert all(any(note.startswith("Not delivered:") for note in one["notes"]) for one in made)
    assert SECRET not in Path(report.images[0].results or "").read_text("utf-8")
