"""What the idea gate lets through, and the reasons it gives."""

from __future__ import annotations

import pytest

from pressroom.gates.idea_gate import IdeaVerdict, gate_ideas, nothing_left
from pressroom.model import Idea, IdeaList
from pressroom.model.ideas import ideas_about

TOPICS = ("technology", "Digital Transformation")
GOOD = Idea(
    title="Passkeys are finally replacing passwords at work",
    description="Half of new corporate accounts now start with a passkey. Help desks get fewer reset tickets.",
    category="technology",
)
OTHER = Idea(
    title="Wooden skyscrapers pass the fire test",
    description="Thick timber chars slowly and keeps its strength for two hours.",
    category="technology",
)
PARAPHRASE = Idea(
    title="The workplace password is giving way to passkeys",
    description="One in two new corporate accounts starts with a passkey. Help desks see fewer password reset tickets.",
    category="technology",
)


def gate(
    *candidates: Idea, wanted: int = 5, accepted: tuple[Idea, ...] = (), history: tuple[Idea, ...] = ()
) -> IdeaVerdict:
    return gate_ideas(candidates, wanted=wanted, topics=TOPICS, accepted=accepted, history=history)


def codes(verdict: IdeaVerdict) -> set[str]:
    return {violation.code for _, violations in verdict.rejected for violation in violations}


def changed(**fields: str) -> Idea:
    return GOOD.model_copy(update=fields)


def test_a_run_without_an_idea_says_what_was_wrong_with_most_and_what_to_do() -> None:
    """A small model's are mostly cut short or the same again; wider topics help with neither but the second."""
    short = [changed(description=f"{number}. PageMaker") for number in range(3)]
    error = nothing_left(gate(*short, changed(category="gardening")).rejected)
    assert str(error) == (
        "Of 4 ideas, none passed; 3 of them for this: The description has 12 characters; at least 20 are needed."
        " Set a more capable model, or ask another provider."
    )
    error = nothing_left(gate(GOOD, history=(GOOD,)).rejected)
    assert "Nearly the same as an idea used lately" in error.message
    assert error.hint.startswith("Widen the workspace's topics")
    assert str(nothing_left(())).startswith("The providers sent no idea. Set a more capable model")


def test_the_schema_of_ideas_names_the_topics_and_another_one_is_the_gate_s_to_refuse() -> None:
    """A small model makes topics up; a server that enforces the schema lets it say no other, and the rest is kept."""
    schema = ideas_about((*TOPICS, TOPICS[0]))
    assert schema.model_json_schema()["$defs"]["Idea"]["properties"]["category"]["enum"] == list(TOPICS)
    said = schema.model_validate({"ideas": [GOOD.model_dump(), changed(category="Spread the ideas").model_dump()]})
    assert isinstance(said, IdeaList)
    assert schema is ideas_about((*TOPICS, TOPICS[0])), "made once"
    verdict = gate(*said.ideas)
    assert verdict.accepted == (GOOD,)
    assert codes(verdict) == {"category_unknown", "duplicate_in_run"}


def test_good_ideas_are_accepted_in_order() -> None:
    assert gate(GOOD, OTHER).accepted == (GOOD, OTHER)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "  "}, "title_blank"),
        ({"title": " abc "}, "title_too_short"),
        ({"title": "x" * 201}, "title_too_long"),
        ({"title": "long " * 2000}, "title_too_long"),
        ({"title": "🎉🎉🎉🎉🎉🎉"}, "title_wordless"),
        ({"title": "🎉"}, "title_too_short"),
        ({"description": "\n"}, "description_blank"),
        ({"description": "Too short."}, "description_too_short"),
        ({"description": "word " * 300}, "description_too_long"),
        ({"category": ""}, "category_missing"),
        ({"category": "gardening"}, "category_unknown"),
    ],
)
def test_each_fault_is_named(fields: dict[str, str], code: str) -> None:
    verdict = gate(changed(**fields))
    assert verdict.accepted == ()
    assert code in codes(verdict)
    assert verdict.rejected[0][0] == changed(**fields)
    assert all(len(violation.message) < 300 for violation in verdict.rejected[0][1])


def test_all_faults_are_told_at_once() -> None:
    assert codes(gate(Idea(title="", description="", category=""))) == {
        "title_blank",
        "description_blank",
        "category_missing",
    }


@pytest.mark.parametrize(("title", "length"), [("Robot", 5), ("y" * 200, 200)])
def test_the_bounds_themselves_are_allowed(title: str, length: int) -> None:
    assert len(title) == length
    assert gate(changed(title=title, description="d" * 20)).accepted


def test_the_category_is_spelled_as_the_topic() -> None:
    (idea,) = gate(changed(category="  DIGITAL  transformation ")).accepted
    assert idea.category == "Digital Transformation"


def test_space_around_is_removed() -> None:
    (idea,) = gate(changed(title=f"  {GOOD.title}\n", description=f"{GOOD.description} ")).accepted
    assert idea == GOOD


def test_a_paraphrase_within_the_answer_is_rejected() -> None:
    verdict = gate(GOOD, PARAPHRASE, OTHER)
    assert verdict.accepted == (GOOD, OTHER)
    assert codes(verdict) == {"duplicate_in_run"}
    (violation,) = verdict.rejected[0][1]
    assert GOOD.title in violation.message
    assert isinstance(violation.measured, float)
    assert isinstance(violation.limit, float)
    assert violation.measured >= violation.limit


def test_earlier_rounds_count() -> None:
    assert codes(gate(PARAPHRASE, accepted=(GOOD,))) == {"duplicate_in_run"}


def test_history_counts() -> None:
    assert codes(gate(PARAPHRASE, history=(GOOD,))) == {"duplicate_of_history"}


def test_a_rejected_idea_blocks_nobody() -> None:
    assert gate(changed(category="gardening"), GOOD).accepted == (GOOD,)


@pytest.mark.parametrize("wanted", [0, 1, -1])
def test_extra_ones_are_spare(wanted: int) -> None:
    verdict = gate(GOOD, OTHER, wanted=wanted)
    assert len(verdict.accepted) == max(0, wanted)
    assert verdict.accepted + verdict.spare == (GOOD, OTHER)


def test_ideas_in_other_scripts_pass() -> None:
    chinese = changed(
        title="数据中心余热为城市供暖",
        description="运营商把废热卖给市政管网，不再排入空气。一座城市已有一万一千户家庭受益。",
    )
    hebrew = changed(
        title="עסקים קטנים וחשבונית אלקטרונית", description="חשבוניות מובנות מחליפות קובצי נייר בעסקים קטנים."
    )
    assert len(gate(chinese, hebrew).accepted) == 2
