"""Marked words as Word and PDF files: see `written_words`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from tests.contracts.written_words import LONG, Block, Line
from tests.data.documents.written import bare_word, drawn_pdf

_STYLES = """
<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="L"><w:name w:val="List Bullet"/></w:style>
<w:style w:type="character" w:styleId="Far"><w:name w:val="Far"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Near"><w:name w:val="Near"/><w:basedOn w:val="Far"/></w:style>
"""


def word(blocks: Sequence[Block]) -> bytes:
    return bare_word("".join(map(_block, blocks)), styles=_STYLES)


def _block(block: Block) -> str:
    line = _paragraph(_run(" ").join(map(_inline, block.lines)))
    cells = "".join(f"<w:tc>{_paragraph(_inline(each))}</w:tc>" for each in block.lines)
    table = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    frame = f"<w:tbl><w:tr><w:tc>{line}</w:tc></w:tr></w:tbl>"
    box = f"<w:txbxContent>{line}</w:txbxContent>"
    both = f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    return {
        "prose": _paragraph(_run(LONG.format(block.lines[0].word))),
        "item": line.replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="L"/></w:pPr>'),
        "table": table,
        "pair": f"<w:tbl><w:tr><w:tc>{_paragraph('')}</w:tc><w:tc>{table}</w:tc></w:tr></w:tbl>",
        "details": f"<w:sdt><w:sdtPr/><w:sdtContent>{line}</w:sdtContent></w:sdt>",
        "figure": f"<w:p><w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r></w:p>",
        "box": frame,
        "heading": line.replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr>') + _paragraph(_run("Below it.")),
        "callout": f"<w:ins>{line}</w:ins>",
    }.get(block.how, line)


def _paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _inline(line: Line) -> str:
    text, plain = line.word, _run(line.word)
    up, down = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{at}"/></w:r>' for at in ("begin", "separate", "end"))
    return {
        "link": f'<w:hyperlink w:anchor="a">{plain}</w:hyperlink>{_run("1", up)}',
        "raised": f"{_run('bike')}{_run(text, up)}",
        "lowered": f"{_run('bike ')}{_run(f'{text} bell', down)}",
        "equation": f"<m:oMath><m:r><m:t>{text}=4</m:t></m:r></m:oMath>",
        "broken": f"{plain}<w:r><w:br/></w:r>",
        "nested": f"<w:smartTag><w:ins><w:sdt><w:sdtContent>{plain}</w:sdtContent></w:sdt></w:ins></w:smartTag>",
        "time": f"{begin}<w:r><w:instrText> REF a </w:instrText></w:r>{separate}{plain}{end}",
        "data": f'<w:fldSimple w:instr=" REF a ">{plain}</w:fldSimple>',
        "styled away": _run(text, '<w:rStyle w:val="Near"/>'),
        "struck": _run(text, "<w:strike/>"),
        "attribute": _run(text, "<w:vanish/>"),
        "comment": f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>",
        "script": f"{begin}<w:r><w:instrText>{text}</w:instrText></w:r>{end}",
        "class": _run(text, '<w:sz w:val="2"/>'),
        "control": f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{plain}</w:sdtContent></w:sdt>",
    }.get(line.how, plain)


def page(blocks: Sequence[Block]) -> bytes:
    """A page of a PDF, three words a line."""
    height = count(810, -11)
    drawn = []
    for block in blocks:
        for lines in _by_three(block):
            drawn.append(f"BT /F1 8 Tf 1 0 0 1 40 {next(height)} Tm {' ( ) Tj '.join(map(_drawn, lines))} ET")
        if block.how == "prose":
            drawn.append(f"BT /F1 8 Tf 1 0 0 1 40 {next(height)} Tm ({LONG.format('old')}) Tj ET")
        next(height)
    return drawn_pdf(" ".join(drawn))


def _by_three(block: Block) -> list[list[Line]]:
    return [list(block.lines[at : at + 3]) for at in range(0, len(block.lines), 3)]


def _drawn(line: Line) -> str:
    text = f"({line.word}) Tj"
    return {
        "raised": f"(bike) Tj /F1 5 Tf 3 Ts {text} /F1 8 Tf 0 Ts",
        "lowered": f"(bike) Tj /F1 5 Tf -2 Ts {text} /F1 8 Tf 0 Ts",
        "link": f"{text} /F1 5 Tf 3 Ts (1) Tj /F1 8 Tf 0 Ts",
        "styled away": f"1 1 1 rg {text} 0 g",
        "struck": f"/F1 1 Tf {text} /F1 8 Tf",
        "attribute": f"3 Tr {text} 0 Tr",
        "comment": f"7 Tr {text} 0 Tr",
        "script": f"/F1 0.5 Tf {text} /F1 8 Tf",
        "class": f"1 g {text} 0 g",
        "control": f"3 Tr {text} 0 Tr",
    }.get(line.how, text)
