"""Word: each visible word once and in order, no hidden one, and no figure that the page does not show."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO

import pytest

from pressroom.errors import SourceTooLarge, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers import get
from pressroom.sources.shared.declare import Content
from tests.data.documents.written import bare_word

STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Deeper"><w:name w:val="Deeper"/><w:basedOn w:val="Secret"/></w:style>
<w:style w:type="character" w:styleId="Hush"><w:name w:val="Hush"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Mark"><w:name w:val="Mark"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>
</w:style>
<w:style w:type="character" w:styleId="Marked"><w:name w:val="Marked"/><w:basedOn w:val="Mark"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
"""
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def code(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def par(*runs: str, style: str = "") -> str:
    inside = "".join(each if each.startswith("<") else run(each) for each in runs)
    return f"<w:p><w:pPr>{f'<w:pStyle w:val={style!r}/>' if style else ''}</w:pPr>{inside}</w:p>"


def cell(*blocks: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(blocks)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def box(*blocks: str) -> str:
    """A text box as Word writes it: drawn in one way for new programs, in another for old ones."""
    text = f"<w:txbxContent>{''.join(blocks)}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:txbx>{text}</wps:txbx>'
        f"</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{text}</v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def math(inside: str) -> str:
    return f"<m:oMath>{inside}</m:oMath>"


def m(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def read(body: str, **parts: str) -> Document:
    return get("docx").read(Content(bare_word(body, styles=STYLES, **parts), "report.docx"))


def texts(body: str) -> list[str]:
    """The paragraphs that are read of `body`, with a last one that is always there left off."""
    *found, last = read(body + par("The end.")).text.split("\n\n")
    assert last == "The end."
    return found


def cases(table: dict[str, tuple[str, list[str]]]) -> None:
    assert {name: texts(body) for name, (body, _) in table.items()} == {
        name: right for name, (_, right) in table.items()
    }


def test_a_raised_footnote_mark_is_not_part_of_the_number() -> None:
    up, style = '<w:vertAlign w:val="superscript"/>', '<w:rStyle w:val="Marked"/>'
    cases(
        {
            "exponent": (par("Our 10", run("6", up), " visitors"), ["Our 10⁶ visitors"]),
            "in two runs": (par("10", run("-", up), run("3", up), " degrees"), ["10⁻³ degrees"]),
            "mark": (par("visitors in 2025", run("3", up), ", and"), ["visitors in 2025, and"]),
            "mark by a style's parent": (par("in 2025", run("3", style), ", and"), ["in 2025, and"]),
            "mark by position": (par("in 2025", run("3", '<w:position w:val="8"/>'), "."), ["in 2025."]),
            "the run itself overrules its style": (
                par("in ", run("3", f'{style}<w:vertAlign w:val="baseline"/>'), " days"),
                ["in 3 days"],
            ),
            "ordinal": (par("the 1", run("st", up), " day"), ["the 1st day"]),
            "formula": (par("CO", run("2", '<w:vertAlign w:val="subscript"/>'), " falls"), ["CO₂ falls"]),
        }
    )


def test_a_table_in_a_cell_is_read_once_at_any_depth() -> None:
    inner = table(cell(par("Studded")) + cell(par("89 euros")), cell(par("Plain")) + cell(par("35 euros")))
    deeper = table(cell(par("Left")) + cell(par("Right"), inner, par()))
    outer = table(cell(par("Column")) + cell(deeper, par()))
    rows = ["- Studded; 89 euros", "- Plain; 35 euros"]
    cases(
        {
            "one": (table(cell(par("Column")) + cell(inner)), ["Column", *rows]),
            "three": (outer, ["Column", "Left", "Right", *rows]),
            "alone in its cell": (table(cell(inner)), rows),
        }
    )


def test_cells_that_go_on_from_above_or_over_columns_keep_their_place() -> None:
    span, on, first = '<w:gridSpan w:val="2"/>', "<w:vMerge/>", '<w:vMerge w:val="restart"/>'
    made = table(
        cell(par("Town")) + cell(par("Bikes")) + cell(par("Price")),
        cell(par("Lund"), properties=first) + cell(par("40")) + cell(par("89")),
        cell(par("unseen"), properties=on) + cell(par("nothing"), properties=span),
    )
    assert texts(made) == ["- Town: Lund; Bikes: 40; Price: 89", "- Bikes: nothing"]


def test_the_characters_of_a_formula_stay_in_the_sentence() -> None:
    part = "<m:{0}>{1}</m:{0}>".format
    fraction = part("f", part("num", m("89")) + part("den", m("4000")))
    compound = part("f", part("num", m("a+b")) + part("den", m("2c")))
    square = part("sSup", part("e", m("x")) + part("sup", m("2")))
    power = part("sSup", part("e", m("10")) + part("sup", m("n+k")))
    index = part("sSub", part("e", m("x")) + part("sub", m("1")))
    root = part("rad", '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>' + part("e", m("a+b")))
    total = part(
        "nary",
        '<m:naryPr><m:chr m:val="∑"/></m:naryPr>'
        + part("sub", m("i=1"))
        + part("sup", m("n"))
        + part("e", part("sSub", part("e", m("x")) + part("sub", m("i")))),
    )
    brackets = part("d", part("e", m("a+b")))
    function = part("func", part("fName", m("sin")) + part("e", m("x")))
    gone = f"<w:del>{m('9')}</w:del>"
    right = {
        fraction + m("=0.022"): "89/4000=0.022",
        compound: "(a+b)/(2c)",
        square: "x²",
        power: "10ⁿ⁺ᵏ",
        index: "x₁",
        root: "√(a+b)",
        total: "∑_(i=1)ⁿ xᵢ",
        brackets: "(a+b)",
        function: "sin x",
        m("7") + gone: "7",
    }
    assert {inside: texts(par("costs ", math(inside), " euros"))[0] for inside in right} == {
        inside: f"costs {shown} euros" for inside, shown in right.items()
    }


def test_a_formula_that_is_a_picture_takes_its_sentence_with_it() -> None:
    picture = '<w:r><w:object><o:OLEObject ProgID="Equation.3"/></w:object></w:r>'
    found = read(par("It is so. It costs ", picture, " euros. It ends.") + par("The workshop is open. " * 5))
    assert found.text.startswith("It is so. It ends.")
    assert found.notes[0].startswith("Equations that can't be written as a line of text: 3 words")
    field = FIELD.format("begin") + code(" EQ \\f(1,2) ") + FIELD.format("end")
    assert texts(par("Add ", field, " litre.")) == ["Add 1/2 litre."]


def test_text_hidden_by_a_style_its_parent_its_size_or_its_colour_is_hidden() -> None:
    white = '<w:color w:val="FFFFFF"/>'
    both = run("seen", '<w:rStyle w:val="Hush"/>')
    cases(
        {
            "style": (par("INTERNAL", style="Secret"), []),
            "its parent": (par("INTERNAL", style="Deeper"), []),
            "character style": (par("Seen", run(" hidden", '<w:rStyle w:val="Hush"/>'), "."), ["Seen."]),
            "the run": (par("Seen", run(" hidden", "<w:vanish/>"), "."), ["Seen."]),
            "shown in a hidden style": (par(run("Seen.", '<w:vanish w:val="0"/>'), style="Secret"), ["Seen."]),
            "hidden twice is shown": (par(both, style="Secret"), ["seen"]),
            "tiny": (par("Seen", run(" hidden", '<w:sz w:val="2"/>'), "."), ["Seen."]),
            "white": (par("Seen", run(" hidden", white), "."), ["Seen."]),
            "white on a colour": (par(run("Seen", f'{white}<w:shd w:fill="1F3864"/>')), ["Seen"]),
            "hidden row": (table(f"<w:trPr><w:hidden/></w:trPr>{cell(par('A'))}{cell(par('B'))}"), []),
        }
    )


def test_struck_words_go_with_a_note_and_with_their_sentence_where_it_needs_them() -> None:
    strike = "<w:strike/>"
    price = read(par("It is new. The price of ", run("99 euros", strike), " is now 89. It ends."))
    assert price.text == "It is new. It ends."
    assert price.notes[0] == "Text struck out or deleted: 2 words left out (“99 euros”)."
    cases(
        {
            "replaced": (par("Now ", run("$99", strike), " $89 each."), ["Now $89 each."]),
            "a word": (par("On ", run("Monday", strike), " Tuesday."), ["On Tuesday."]),
            "a paragraph": (par(run("Gone with 3 words.", strike)), []),
        }
    )


def test_changes_are_accepted_once() -> None:
    deleted = "<w:del><w:r><w:delText>gone </w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('moved ')}</w:moveFrom>"
    mark = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("One and ") + "</w:p>"
    changed = run("kept", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")
    cases(
        {
            "deleted": (par("Is ", deleted, "here"), ["Is here"]),
            "moved": (par("Is ", moved, f"<w:moveTo>{run('here')}</w:moveTo>"), ["Is here"]),
            "inserted": (par("Is ", f"<w:ins>{run('here')}</w:ins>"), ["Is here"]),
            "paragraphs joined": (mark + par("the same."), ["One and the same."]),
            "was hidden once": (par("Is ", changed), ["Is kept"]),
            "deleted row": (table(f"<w:trPr><w:del/></w:trPr>{cell(par('A'))}{cell(par('B'))}"), []),
        }
    )


def test_text_boxes_are_read_once_and_below_their_paragraph() -> None:
    quote = par("Count what is left, says Marta, and count it each day.")
    cases(
        {
            "box": (par("Before ", box(par("Inside.")), "after."), ["Before after.", "Inside."]),
            "pulled out of the text": (
                par(box(par("count it each day"))) + quote,
                ["Count what is left, says Marta, and count it each day."],
            ),
            "on each page": (par("A", box(par("Again."))) + par("B", box(par("Again."))), ["A", "B", "Again."]),
        }
    )


def test_of_alternatives_one_is_read() -> None:
    both = (
        '<mc:AlternateContent><mc:Choice Requires="x">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>'
    )
    cases(
        {
            "runs": (par("Is ", both.format(run("here"), run("there"))), ["Is here"]),
            "an empty first": (par("Is ", f"<w:r>{both.format('', '<w:t>here</w:t>')}</w:r>"), ["Is here"]),
        }
    )


def test_results_of_fields_are_text_and_instructions_are_not() -> None:
    begin, separate, end = (FIELD.format(kind) for kind in ("begin", "separate", "end"))
    inner = begin + code(" MERGEFIELD x ") + separate + run("unseen") + end
    contents = par(begin, code(" TOC "), separate, "Chapter 5") + par("Other 7", end)
    cases(
        {
            "result": (par("Is ", begin, code(" REF x "), separate, "here", end), ["Is here"]),
            "field in an instruction": (par("Is ", begin, code(" IF "), inner, separate, "here", end), ["Is here"]),
            "simple": (par("Is ", f'<w:fldSimple w:instr=" REF x ">{run("here")}</w:fldSimple>'), ["Is here"]),
            "contents": (contents, []),
            "line of contents": (par("Chapter 5", style="TOC1"), []),
            "without an end": (par("Is ", begin, code(" REF x "), "here"), ["Is here"]),
        }
    )
    link = par(begin, code(' HYPERLINK "https://example.org/a" '), separate, "The list", end)
    assert read(link).links == ("https://example.org/a",)


def test_wrappers_are_looked_through_and_prompts_are_not_text() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    contents = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    cases(
        {
            "control": (par("Is ", control.format("", run("here"))), ["Is here"]),
            "control of paragraphs": (control.format("", par("Here.")), ["Here."]),
            "control of rows": (
                "<w:tbl>" + control.format("", f"<w:tr>{cell(par('A'))}{cell(par('B'))}</w:tr>") + "</w:tbl>",
                ["- A; B"],
            ),
            "prompt": (control.format("<w:showingPlcHdr/>", par("Click here to enter text.")), []),
            "contents": (control.format(contents, par("Chapter 5")), []),
            "smart tag": (par("In ", f"<w:smartTag><w:smartTagPr/>{run('Lund')}</w:smartTag>"), ["In Lund"]),
            "ruby": (
                par(f"<w:r><w:ruby><w:rt>{run('kan')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r>"),
                ["漢"],
            ),
            "comment": (par("Is here", '<w:r><w:commentReference w:id="1"/></w:r>'), ["Is here"]),
            "large first letter": (
                '<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr>' + run("T") + "</w:p>" + par("he workshop"),
                ["The workshop"],
            ),
            "symbol": (par("It is ", '<w:r><w:sym w:font="Symbol" w:char="F06D"/></w:r>', "m"), ["It is μm"]),
            "Greek by its font": (par(run("p", '<w:rFonts w:ascii="Symbol"/>'), " is 3.14"), ["π is 3.14"]),
        }
    )
    assert read(par("Is here", note, note)).notes == ("Left out: 2 footnotes.",)


def test_the_default_of_a_template_is_no_fact() -> None:
    core = "<dc:title>{}</dc:title><dc:creator>{}</dc:creator><dcterms:created>{}</dcterms:created>"
    right = {
        ("Word Document", "python-docx", "2013-12-23T23:15:00Z"): ("", "", None),
        ("Document1", "Microsoft Office User", "1601-01-01T00:00:00Z"): ("", "", None),
        ("Microsoft Word - plan.docx", "Un-named", "1980-01-01T00:00:00Z"): ("", "", None),
        ("Cold brakes", "Ann Lee", "2024-03-11T08:00:00Z"): ("Cold brakes", "Ann Lee", dt.date(2024, 3, 11)),
        ("Documents that last", "Paige User", "2013-12-23T08:00:00Z"): (
            "Documents that last",
            "Paige User",
            dt.date(2013, 12, 23),
        ),
        ("", "", "2999-01-01T00:00:00Z"): ("", "", None),
    }
    found = {facts: read(par("Some words."), core=core.format(*facts)) for facts in right}
    assert {facts: (each.title, each.author, each.date) for facts, each in found.items()} == right


def test_strict_documents_are_read_like_others() -> None:
    plain = bare_word(par("Here.", math(m("x"))))
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for year, place in (
                ("wordprocessingml/2006/main", "wordprocessingml/main"),
                ("officeDocument/2006/math", "officeDocument/math"),
            ):
                text = text.replace(f"http://schemas.openxmlformats.org/{year}", f"http://purl.oclc.org/ooxml/{place}")
            new.writestr(name, text)
    assert get("docx").read(Content(out.getvalue(), "strict.docx")).text == "Here.x"


def test_what_is_made_to_hurt_is_refused_with_its_limit() -> None:
    with pytest.raises(SourceTooLarge, match="256"):
        read("<w:sdt><w:sdtContent>" * 400 + par("deep") + "</w:sdtContent></w:sdt>" * 400)
    entities = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(SourceUnreadable, match="document type"):
        read(par("&amp;b;"), doctype=entities)
