"""Files that users write are read with or without the mark an editor puts before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressroom.errors import WrongInput
from pressroom.reports.results.reading import from_json
from pressroom.store.voices import read_voice
from pressroom.store.workspaces import read_preferences
from pressroom.userfiles import text_of

BOM = Path(__file__).parents[1] / "data" / "faults" / "w_bom.toml"


def test_a_toml_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert read_preferences(BOM).tone == "dry"
    voice = tmp_path / "voice.toml"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        voice.write_text('name = "house"\ndescription = "trocken, größer"\n', encoding)
        assert text_of(voice) == 'name = "house"\ndescription = "trocken, größer"\n'
        assert read_voice(voice).name == "house"


def test_json_with_a_byte_order_mark_is_read_as_json() -> None:
    with pytest.raises(WrongInput, match="no results of a picture"):
        from_json("\ufeff{}")
