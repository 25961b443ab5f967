"""The subject of a picture, and the crop that keeps it: no model, no network, the same answer for the same pixels."""

from pressroom.media.pictures.subject.finding import FINDER, FaceFinder, SubjectFinder, find_subject
from pressroom.media.pictures.subject.focus import Box, Focus, Share
from pressroom.media.pictures.subject.window import crop_box

__all__ = ["FINDER", "Box", "FaceFinder", "Focus", "Share", "SubjectFinder", "crop_box", "find_subject"]
