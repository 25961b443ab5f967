"""Film: pictures, clips and voices become one MP4 file, by one ffmpeg graph and one encode."""

from pressroom.media.film.probing import probe
from pressroom.media.film.rendering import render
from pressroom.media.film.sheet import contact_sheet
from pressroom.media.film.subtitles import srt, vtt

__all__ = ["contact_sheet", "probe", "render", "srt", "vtt"]
