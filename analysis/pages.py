"""What pages are made of: one HTML file with its figures inside, readable without a network."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.facts import Target


@dataclass(frozen=True)
class Section:
    """A heading, a paragraph and a figure."""

    title: str
    paragraph: str
    figure: Path


def page(title: str, subtitle: str, sections: Sequence[Section]) -> str:
    """Sections as an HTML page with its figures inside."""
    return document(title, title, subtitle, "\n".join(_section(section) for section in sections))


def document(name: str, title: str, subtitle: str, body: str) -> str:
    """A whole page: `name` in the browser's tab, title and subtitle above a body of HTML."""
    css = files("analysis").joinpath("data/report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(name)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n<p class='soft'>{escape(subtitle)}</p>\n{body}\n</body>\n</html>\n"
    )


def report_page(
    title: str, manifest: Mapping[str, Any], top: str, sections: Sequence[tuple[str, str, str]]
) -> str:
    """The report of a run: links, `top`, then sections (key, heading, HTML) that have content."""
    shown = [(key, heading, content) for key, heading, content in sections if content]
    links = " ".join(f'<a href="#{key}">{escape(heading)}</a>' for key, heading, _ in shown)
    body = "\n".join(f'<h2 id="{key}">{escape(heading)}</h2>\n{content}' for key, heading, content in shown)
    known = " · ".join(f"{key} {manifest[key]}" for key in ("seed", "digest") if key in manifest)
    name = f"{manifest.get('world', 'run')} · simengine"
    return document(name, title, known, f"<nav>{links}</nav>\n{top}\n{body}")


def tiles(rows: Iterable[tuple[str, str, str]]) -> str:
    """Headline numbers as tiles: what it is, the number, what to hold it against."""
    inner = "".join(
        f"<div class='tile'><small>{escape(label)}</small><b>{escape(value)}</b>"
        f"<small>{escape(beside)}</small></div>"
        for label, value, beside in rows
    )
    return f"<div class='tiles'>{inner}</div>"


def pointed(target: Target) -> str:
    """A fact in words; its name and exact definition are told when pointed at."""
    exact = escape(f"{target.name}: {target.definition}")
    return f"<abbr title='{exact}'>{escape(target.says)}</abbr>"


def image(file: Path, caption: str) -> str:
    """A PNG or GIF file as a figure with its caption under it."""
    return _figure(file, caption, f"<figcaption>{escape(caption)}</figcaption>")


def data_sheet(sheet: Any) -> str:
    """What is learned and what is assumed, as the world says it: one text, or texts by heading."""
    if not sheet:
        return ""
    if isinstance(sheet, str):
        return f"<pre>{escape(sheet)}</pre>"
    return "\n".join(
        f"<h3>{escape(str(heading))}</h3><div class='sheet'>{escape(str(text))}</div>"
        for heading, text in sheet.items()
    )


def repeat(manifest: Mapping[str, Any]) -> str:
    """The command of a run, and its configuration and versions to unfold."""
    parts = []
    if manifest.get("command"):
        parts.append(f"<pre>{escape(_elsewhere(str(manifest['command'])))}</pre>")
    names = ("scenario", "config", "seed", "numbers", "versions")
    text = escape(json.dumps({key: manifest[key] for key in names if key in manifest}, indent=1))
    parts.append(f"<details><summary>configuration and versions</summary><pre>{text}</pre></details>")
    return "\n".join(parts)


def _elsewhere(command: str) -> str:
    """A command without the folder that it has filled: the next free one is taken instead."""
    try:
        words = shlex.split(command)
    except ValueError:  # a quotation mark alone, from before words were quoted
        return command
    kept = []
    while words:
        word = words.pop(0)
        if word in ("--out", "-o"):
            words[:1] = []
        elif not word.startswith("--out="):
            kept.append(word)
    return shlex.join(kept)


def _section(section: Section) -> str:
    figure = _figure(section.figure, section.title)
    return f"<h2>{escape(section.title)}</h2>\n<p>{escape(section.paragraph)}</p>\n{figure}"


def _figure(file: Path, alternative: str, under: str = "") -> str:
    data = base64.b64encode(file.read_bytes()).decode("ascii")
    kind = file.suffix.removeprefix(".")
    img = f"<img alt='{escape(alternative)}' src='data:image/{kind};base64,{data}'>"
    return f"<figure>{img}{under}</figure>"
