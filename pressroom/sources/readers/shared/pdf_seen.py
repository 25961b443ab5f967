"""Text of a PDF page is visible when it is drawn, on the page, in another colour than the ground, and uncovered."""

from __future__ import annotations

import ctypes
from functools import cached_property
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""

_UNDRAWN = (3, 7)
"""Modes of drawing that leave no ink: invisible, and for clipping only."""
_PALE = 235
_OC = 6
"""Bytes of the name of a mark of optional content, with its end."""
_MOST_COVERS = 40
_LONGEST_EDGE = 1400
"""Pixels of the picture that is looked at."""
_CONTRAST = 12
"""Levels of grey between letters and their ground, of 255, from which they can be seen."""


class Seen:
    """Looks at one page; it is drawn only where something is in doubt."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._places: dict[int | None, int] = {}
        self._covers: list[tuple[int, Box]] = []
        self.has_picture = False
        for at in range(min(pdfium.FPDFPage_CountObjects(page), 20_000)):
            self._note(at, pdfium.FPDFPage_GetObject(page, at))

    def shows(self, text: Any) -> bool:
        """True when `text` is visible."""
        if pdfium.FPDFTextObj_GetTextRenderMode(text) in _UNDRAWN:
            return False
        box, colour = _bounds(text), _colour(text)
        left, bottom, right, top = self._page.get_cropbox()
        if box is None or colour is None:
            return True
        if box[2] < left or box[0] > right or box[3] < bottom or box[1] > top or colour[3] == 0:
            return False
        in_doubt = _is_in_layer(text) or min(colour[:3]) >= _PALE or self._is_covered(text, box)
        return self._has_contrast(box) if in_doubt else True

    def _note(self, at: int, thing: Any) -> None:
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self._places[ctypes.cast(thing, ctypes.c_void_p).value] = at
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING):
            self.has_picture = self.has_picture or kind == pdfium.FPDF_PAGEOBJ_IMAGE
            if len(self._covers) < _MOST_COVERS and _is_filled(thing, kind) and (box := _bounds(thing)):
                self._covers.append((at, box))

    def _is_covered(self, text: Any, box: Box) -> bool:
        """True when an object drawn over `text` later may hide it."""
        place = self._places.get(ctypes.cast(text, ctypes.c_void_p).value)
        middle = (box[1] + box[3]) / 2
        return place is not None and any(
            at > place and over[0] < box[2] and over[2] > box[0] and over[1] <= middle <= over[3]
            for at, over in self._covers
        )

    def _has_contrast(self, box: Box) -> bool:
        pixels = self._drawn[self._rows(box)]
        return pixels.size > 0 and int(pixels.max()) - int(pixels.min()) >= _CONTRAST

    @cached_property
    def _scale(self) -> float:
        return float(min(2.0, _LONGEST_EDGE / max(1.0, *self._page.get_size())))

    @cached_property
    def _drawn(self) -> Any:
        drawn = self._page.render(scale=self._scale, grayscale=True, may_draw_forms=False).to_numpy()
        return drawn if drawn.ndim == 2 else drawn[..., 0]

    def _rows(self, box: Box) -> tuple[slice, slice]:
        """Rows and columns of the drawn page inside `box`."""
        height, width = self._drawn.shape
        xs, ys = [], []
        for x, y in ((box[0], box[1]), (box[2], box[3])):
            across, down = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDF_PageToDevice(self._page, 0, 0, width, height, 0, x, y, across, down)
            xs.append(across.value)
            ys.append(down.value)
        low = np.clip([min(ys), min(xs)], 0, None)
        return slice(int(low[0]), max(ys) + 1), slice(int(low[1]), max(xs) + 1)


def _is_in_layer(thing: Any) -> bool:
    """True of a thing that is marked as optional content, which the document may have switched off."""
    for at in range(pdfium.FPDFPageObj_CountMarks(thing)):
        buffer, size = (ctypes.c_ushort * 8)(), ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(thing, at)
        named = pdfium.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), size) and size.value == _OC
        if named and bytes(buffer)[:4].decode("utf-16-le") == "OC":
            return True
    return False


def _bounds(thing: Any) -> Box | None:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *edges):
        return None
    left, bottom, right, top = (edge.value for edge in edges)
    return left, bottom, right, top


def _colour(thing: Any) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(thing, *parts):
        return None
    red, green, blue, opacity = (part.value for part in parts)
    return red, green, blue, opacity


def _is_filled(thing: Any, kind: int) -> bool:
    if kind != pdfium.FPDF_PAGEOBJ_PATH:
        return True
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)) and fill.value != pdfium.FPDF_FILLMODE_NONE
