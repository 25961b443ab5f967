"""The voices that can speak a film."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from apps.desk.dependencies import DeskDep, requires
from pressroom.media.speech.catalogue import SpeechVoice, voices
from pressroom.model.ideas import LANGUAGE
from pressroom.people.permissions import Action

router = APIRouter(tags=["films"], dependencies=[requires(Action.READ)])

Language = Annotated[
    str, Query(pattern=rf"^$|{LANGUAGE}", max_length=35, description="Voices that speak it.", examples=["de"])
]


class SpeechVoices(BaseModel):
    items: list[SpeechVoice]


@router.get("/voices-of-speech")
def list_voices_of_speech(desk: DeskDep, language: Language = "") -> SpeechVoices:
    """List voices with their price a minute, and if they can be used now."""
    return SpeechVoices(items=voices(desk.settings, language))
