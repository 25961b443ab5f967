"""Carousels: a post in pages, drawn by the card templates, as a PDF for LinkedIn or as pictures for Instagram."""

from pressroom.media.carousel.drawing import Drawn, draw_pages, jpegs
from pressroom.media.carousel.pdf import pdf
from pressroom.media.carousel.splitting import check_pages, split

__all__ = ["Drawn", "check_pages", "draw_pages", "jpegs", "pdf", "split"]
