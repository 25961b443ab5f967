"""Pages as a tagged PDF (ISO 32000): a picture each, with its words as alternative text; the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence

POINTS = 0.5
"""Of a pixel: a page of 1080 x 1350 pixels is 540 x 675 points."""

CATALOG, PAGES, INFO, ROOT, PARENTS = 1, 2, 3, 4, 5
FIRST, EACH = 6, 4
"""Objects of a page: the page, its content, its picture, its figure."""


def pdf(files: Sequence[bytes], texts: Sequence[str], size: tuple[int, int], *, title: str, language: str) -> bytes:
    """files: a JPEG in RGB of `size` pixels a page; texts: their words; language: a BCP 47 tag."""
    count = len(files)
    pages, figures = ([f"{FIRST + EACH * at + part} 0 R" for at in range(count)] for part in (0, 3))
    parents = " ".join(f"{at} [{figure}]" for at, figure in enumerate(figures))
    objects = [
        f"<< /Type /Catalog /Pages {PAGES} 0 R /Lang {_text(language)} /MarkInfo << /Marked true >> "
        f"/StructTreeRoot {ROOT} 0 R /ViewerPreferences << /DisplayDocTitle true >> >>".encode(),
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(pages)}] >>".encode(),
        f"<< /Title {_text(title)} /Producer {_text('Pressroom')} >>".encode(),
        f"<< /Type /StructTreeRoot /K [{' '.join(figures)}] /ParentTree {PARENTS} 0 R >>".encode(),
        f"<< /Nums [{parents}] >>".encode(),
    ]
    for at, (file, text) in enumerate(zip(files, texts, strict=True)):
        objects += _page(at, file, text, size)
    return _file(objects)


def _page(at: int, file: bytes, text: str, size: tuple[int, int]) -> list[bytes]:
    number = FIRST + EACH * at
    width, height = size[0] * POINTS, size[1] * POINTS
    drawn = f"/Figure << /MCID 0 >> BDC q {width:g} 0 0 {height:g} 0 0 cm /Page Do Q EMC".encode()
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]} /ColorSpace /DeviceRGB "
        f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(file)} >>"
    )
    return [
        f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {width:g} {height:g}] /StructParents {at} /Tabs /S "
        f"/Resources << /XObject << /Page {number + 2} 0 R >> >> /Contents {number + 1} 0 R >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        picture.encode() + b"\nstream\n" + file + b"\nendstream",
        f"<< /Type /StructElem /S /Figure /P {ROOT} 0 R /Pg {number} 0 R /K 0 /Alt {_text(text)} "
        f"/A << /O /Layout /BBox [0 0 {width:g} {height:g}] /Placement /Block >> >>".encode(),
    ]


def _file(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, CATALOG, INFO, start,
    )  # fmt: skip
    return bytes(made)


def _text(text: str) -> str:
    """A text as UTF-16 in hexadecimal digits: no character of it means anything to a reader of the file."""
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"
