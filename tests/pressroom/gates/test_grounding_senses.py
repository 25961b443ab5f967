"""What a draft says contrary to its document: negation, direction, what a figure counts, who speaks."""

from __future__ import annotations

from benchmarks.grounding.__main__ import figures, gate
from benchmarks.grounding.labelled import PHENOMENA, held_out, of_each_kind
from pressroom.gates.grounding import Source, ungrounded
from pressroom.model import Document, Part, Section

TEXT = (
    "The sandbox does not allow remote execution. Memory use rose by 20 percent while the error rate fell by half. "
    "Some 64 testers filed 310 reports, and 12 maintainers answered them. “We stopped guessing,” says Mara Holt. "
    "Jonas Brandt adds: “The old queue was a museum piece.” Nobody expected the office to close before June."
)


def codes(draft: str, text: str = TEXT, language: str = "en") -> list[str]:
    document = Document(source="text", kind="text", sections=(Section(text=text),), language=language)
    found = ungrounded([Part(label="Post", text=draft)], Source.of(document))
    return [one.code.removesuffix("_not_in_source") for one in found]


def test_a_negation_that_the_document_does_not_make_or_that_is_left_out_is_told() -> None:
    assert codes("The sandbox does allow remote execution.") == ["negation"]
    assert codes("Remote execution is not allowed in the sandbox.") == []
    assert codes("Memory use didn't rise by 20 percent.") == ["negation"]


def test_the_opposite_direction_is_told() -> None:
    assert codes("Memory use fell by 20 percent.") == ["direction"]
    assert codes("Memory use went up by 20 percent.") == []
    assert codes("Ann left before the vote.", "Ann left after the vote.") == ["direction"]


def test_a_right_figure_of_the_wrong_thing_is_told() -> None:
    assert codes("64 maintainers tried it.") == ["counted"]
    assert codes("The error rate fell by 20 percent.") == ["counted"]
    assert codes("12 maintainers dealt with 310 reports.") == []


def test_a_right_quotation_by_the_wrong_person_is_told() -> None:
    assert codes("“The old queue was a museum piece,” says Mara Holt.") == ["speaker"]
    assert codes("“The old queue was a museum piece,” says Jonas Brandt.") == []


def test_a_writer_learns_what_the_document_says_instead() -> None:
    document = Document(source="text", kind="text", sections=(Section(text=TEXT),))
    (found,) = ungrounded([Part(label="Post", text="Memory use fell by 20 percent.")], Source.of(document))
    assert found.message == (
        "“fell” is the opposite of the document, which says “Memory use rose by 20 percent”: "
        "say it as the document does."
    )


def test_drafts_in_another_language_are_not_compared_sentence_by_sentence() -> None:
    document = Document(source="text", kind="text", sections=(Section(text=TEXT),))
    part = Part(label="Post", text="Die Sandbox erlaubt remote execution.")
    assert ungrounded([part], Source.of(document), language="de") == ()


def test_the_gate_holds_what_its_benchmark_promises_of_each_kind() -> None:
    for half, least in (("chosen", 0.95), ("held_out", 0.85)):
        sentences = of_each_kind(half)
        for kind in PHENOMENA:
            precision, recall, f1, _ = figures([one for one in sentences if one.phenomenon == kind], gate)
            assert min(precision, recall, f1) >= least, (half, kind)
    assert figures(held_out(), gate)[:2] >= (0.96, 0.98)
