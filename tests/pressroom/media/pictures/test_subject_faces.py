"""Faces by OpenCV's detector: a model that always sees one face stands in for the real one, which ships nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pressroom.errors import Misconfigured
from pressroom.media.pictures.subject import crop_box, find_subject
from pressroom.media.pictures.subject.faces import face_finder

SIDE = 128


def _number(value: int) -> bytes:
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + _number(rest) if rest else bytes([low])


def _field(key: int, value: int | str | bytes) -> bytes:
    """One field of a protocol buffer."""
    if isinstance(value, int):
        return _number(key << 3) + _number(value)
    data = value.encode() if isinstance(value, str) else value
    return _number(key << 3 | 2) + _number(len(data)) + data


def _tensor(name: str, values: np.ndarray) -> bytes:
    sizes = b"".join(_field(1, size) for size in values.shape)
    return sizes + _field(2, 7 if values.dtype == np.int64 else 1) + _field(8, name) + _field(9, values.tobytes())


def _declared(name: str, shape: tuple[int, ...]) -> bytes:
    sizes = b"".join(_field(1, _field(1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, sizes)))


def _node(kind: str, inputs: tuple[str, ...], output: str) -> bytes:
    return b"".join(_field(1, one) for one in inputs) + _field(2, output) + _field(3, f"to {output}") + _field(4, kind)


def _outputs(row: int, column: int, wide: float, high: float) -> dict[str, np.ndarray]:
    """What a YuNet model answers when it sees one face, at this cell of 8 pixels."""
    found = {}
    for kind, count in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
        for stride in (8, 16, 32):
            found[f"{kind}_{stride}"] = np.zeros((1, (SIDE // stride) ** 2, count), np.float32)
    cell = row * (SIDE // 8) + column
    found["cls_8"][0, cell] = found["obj_8"][0, cell] = 0.95
    found["bbox_8"][0, cell] = (0, 0, np.log(wide / 8), np.log(high / 8))
    return found


def _model(outputs: dict[str, np.ndarray]) -> bytes:
    """An ONNX file that answers `outputs` whatever it is shown."""
    constants = {"none": np.zeros((1, 3, 1, 1), np.float32), "flat": np.array([1, 1, 1], np.int64)}
    constants["sum"] = np.ones((1, 3, 1, 1), np.float32)
    nodes = [
        _node("GlobalAveragePool", ("input",), "mean"),
        _node("Mul", ("mean", "none"), "nothing"),
        _node("Conv", ("nothing", "sum"), "one"),
        _node("Reshape", ("one", "flat"), "zero"),
    ]
    for name, values in outputs.items():
        constants[f"of {name}"] = values
        nodes.append(_node("Add", (f"of {name}", "zero"), name))
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, "faces")
    graph += b"".join(_field(5, _tensor(name, values)) for name, values in constants.items())
    graph += _field(11, _declared("input", (1, 3, SIDE, SIDE)))
    graph += b"".join(_field(12, _declared(name, values.shape)) for name, values in outputs.items())
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


def test_a_face_is_told_in_shares_and_kept_in_the_crop(tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    (tmp_path / "faces.onnx").write_bytes(_model(_outputs(row=4, column=12, wide=32, high=40)))
    finder = face_finder(tmp_path / "faces.onnx")
    image = Image.new("RGB", (SIDE, SIDE), "#808080")
    (face,) = finder(image)
    assert face == pytest.approx((80 / 128, 12 / 128, 112 / 128, 52 / 128), abs=0.01)
    left, _, right, _ = crop_box(find_subject(image, faces=finder), image.size, 0.5)
    assert left <= 80
    assert right >= 112


def test_a_face_over_the_edge_ends_there(tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    (tmp_path / "faces.onnx").write_bytes(_model(_outputs(row=0, column=15, wide=40, high=40)))
    (face,) = face_finder(tmp_path / "faces.onnx")(Image.new("RGB", (SIDE, SIDE)))
    assert (face[1], face[2]) == (0.0, 1.0)


def test_no_face_is_none(tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    nothing = {name: np.zeros_like(values) for name, values in _outputs(0, 0, 8, 8).items()}
    (tmp_path / "faces.onnx").write_bytes(_model(nothing))
    assert face_finder(tmp_path / "faces.onnx")(Image.new("RGB", (SIDE, SIDE))) == ()


@pytest.mark.parametrize("content", [None, b"", b"no model at all"])
def test_what_is_no_model_is_said(tmp_path: Path, content: bytes | None) -> None:
    pytest.importorskip("cv2")
    if content is not None:
        (tmp_path / "faces.onnx").write_bytes(content)
    with pytest.raises(Misconfigured, match="no model that faces can be found with"):
        face_finder(tmp_path / "faces.onnx")


def test_a_model_that_is_of_no_use_for_a_picture_is_said(tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    outputs = _outputs(0, 0, 8, 8)
    (tmp_path / "faces.onnx").write_bytes(_model({name: outputs[name] for name in ("cls_8", "cls_16")}))
    with pytest.raises(Misconfigured, match="no model that faces can be found with"):
        face_finder(tmp_path / "faces.onnx")(Image.new("RGB", (SIDE, SIDE)))


def test_without_opencv_the_next_step_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(Misconfigured, match="not installed") as caught:
        face_finder(tmp_path / "faces.onnx")
    assert "pressroom[faces]" in caught.value.hint
