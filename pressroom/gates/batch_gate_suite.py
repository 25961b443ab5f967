"""The rules for a batch of drafts, as Great Expectations' expectations. Imported by the gate's child only.

Quarantined drafts are stored although they break rules, so the rules for a good text apply to the others only.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd  # type: ignore[import-untyped]
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import ProgressBarsConfig

from pressroom.model import BatchRow, State

gxe: Any = gx.expectations  # its types export nothing

_GOOD = f'state != "{State.QUARANTINED}"'
_QUARANTINED = f'state == "{State.QUARANTINED}"'
_LINEAGE = ("idea_id", "content_id", "prompt_hash", "provider", "model")
_NUMBERS = ("idea_position", "characters", "words", "violations", "calls")
_NAMED = 5  # drafts named in a failed expectation's sentence


@dataclass(frozen=True)
class Batch:
    """A prepared batch: `run` it, then `build_docs`."""

    context: Any
    definition: Any
    frame: pd.DataFrame

    def run(self) -> tuple[list[str], int]:
        """Sentences on what does not hold, and how many expectations were checked."""
        result = self.definition.run(
            batch_parameters={"dataframe": _harmless(self.frame)},
            run_id=RunIdentifier(run_name=f"{len(self.frame)}-drafts"),
        )
        return [_sentence(one, self.frame) for one in result.results if not one.success], len(result.results)

    def build_docs(self) -> None:
        self.context.build_data_docs()


def prepare(question: dict[str, Any], docs: Path) -> Batch:
    """Context, suite and data for one question; `docs`: the folder its Data Docs will be built in."""
    frame = _frame(question["rows"])
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for name in list(context.get_site_names()):
        context.delete_data_docs_site(name)
    context.add_data_docs_site("batch", _site(docs))
    asset = context.data_sources.add_pandas("run").add_dataframe_asset("drafts")
    suite = context.suites.add(gx.ExpectationSuite("drafts", expectations=list(_expectations(question))))
    definition = gx.ValidationDefinition(
        name="batch", data=asset.add_batch_definition_whole_dataframe("all"), suite=suite
    )
    return Batch(context, context.validation_definitions.add(definition), frame)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(BatchRow.model_fields), dtype=object)
    return frame.astype(dict.fromkeys(_NUMBERS, "float64"))


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with its texts escaped: Data Docs show values as they are, markup too. Equal ones stay equal."""
    return frame.map(lambda value: html.escape(value) if isinstance(value, str) else value)


def _site(docs: Path) -> Any:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
    }


def _expectations(question: dict[str, Any]) -> Iterator[Any]:
    expected, failed = question["expected"], question["failed"]
    accounted = f"The batch holds {expected - failed} drafts, {expected} asked for less {failed} failed"
    yield gxe.ExpectTableRowCountToBeBetween(min_value=1, **_says("The batch is not empty"))
    yield gxe.ExpectTableRowCountToEqual(value=expected - failed, **_says(accounted))
    yield from _of_texts(question["lengths"])
    yield gxe.ExpectColumnValuesToBeInSet(
        column="state", value_set=[str(state) for state in State], **_says("Every draft is in a known state")
    )
    yield gxe.ExpectCompoundColumnsToBeUnique(
        column_list=["idea_id", "format"], **_says("No idea is written twice in one format")
    )
    for column in _LINEAGE:
        says = _says(f"Every draft knows its {column.replace('_', ' ')}")
        yield gxe.ExpectColumnValuesToNotBeNull(column=column, **says)
        yield gxe.ExpectColumnValuesToMatchRegex(column=column, regex=r"\S", **says)
    yield _at_least("calls", 1, "Every draft has a provider call in its lineage")
    yield _at_least("violations", 1, "Every quarantined draft has its reasons", _QUARANTINED)
    yield gxe.ExpectColumnValuesToBeBetween(
        column="violations", max_value=0, **_says("No draft outside quarantine breaks a rule", _GOOD)
    )


def _of_texts(lengths: dict[str, tuple[int, int]]) -> Iterator[Any]:
    says = _says("Every draft has a text", _GOOD)
    yield gxe.ExpectColumnValuesToNotBeNull(column="text", **says)
    yield gxe.ExpectColumnValuesToMatchRegex(column="text", regex=r"\S", **says)
    yield gxe.ExpectColumnValuesToBeUnique(column="text", **_says("No two drafts have the same text", _GOOD))
    yield _at_least("words", 1, "Every draft has words", _GOOD)
    for name, (least, most) in sorted(lengths.items()):
        says = _says(f"Every {name} has {least} to {most} characters", f'{_GOOD} and format == "{name}"')
        yield gxe.ExpectColumnValuesToBeBetween(column="characters", min_value=least, max_value=most, **says)


def _at_least(column: str, least: int, sentence: str, rows: str = "") -> Any:
    return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=least, **_says(sentence, rows))


def _says(sentence: str, rows: str = "") -> dict[str, Any]:
    """The description of an expectation in words, and the rows it applies to (all by default)."""
    condition = {"row_condition": rows, "condition_parser": "pandas"} if rows else {}
    return {"description": f"{sentence}.", "meta": {"says": sentence}, **condition}


def _sentence(result: Any, frame: pd.DataFrame) -> str:
    """One failed expectation as a sentence: what should hold, and for which drafts it does not."""
    says = result.expectation_config.meta["says"]
    if result.exception_info.get("raised_exception"):
        return f"{says}: this could not be checked ({result.exception_info.get('exception_message')})."
    found = result.result
    if "observed_value" in found:
        return f"{says}: not so, there are {found['observed_value']}."
    places = [_draft(frame, at) for at in found.get("partial_unexpected_index_list") or []]
    more = found["unexpected_count"] - len(places[:_NAMED])
    named = ", ".join(places[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{says}: not so for {named}."


def _draft(frame: pd.DataFrame, at: int) -> str:
    return f"idea {frame['idea_position'][at]:g} as {frame['format'][at]}"
