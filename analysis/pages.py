"""Small pages of a study: headings, paragraphs and figures in one HTML file, readable without a network."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True)
class Section:
    """A heading, a paragraph and a figure."""

    title: str
    paragraph: str
    figure: Path


def page(title: str, subtitle: str, sections: Sequence[Section]) -> str:
    """Return sections as an HTML page with its figures inside."""
    css = files("analysis").joinpath("data/report.css").read_text(encoding="utf-8")
    body = "\n".join(_section(section) for section in sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n<p class='soft'>{escape(subtitle)}</p>\n{body}\n</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    data = base64.b64encode(section.figure.read_bytes()).decode("ascii")
    image = f"<img alt='{escape(section.title)}' src='data:image/png;base64,{data}'>"
    return f"<h2>{escape(section.title)}</h2>\n<p>{escape(section.paragraph)}</p>\n<figure>{image}</figure>"
