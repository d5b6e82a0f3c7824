"""How the pages become a site, by `make docs`; the reference has a page per public name, of its docstring."""

import importlib
import inspect
import re
import shutil
import typing
from pathlib import Path

project, author, copyright = "simengine", "simengine founders", "simengine founders"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
templates_path = ["_templates"]
html_theme = "furo"
html_title = "simengine"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
default_role = "code"
autosummary_generate = True
autodoc_default_options = {"member-order": "bysource", "exclude-members": "model_config"}
autodoc_typehints = "description"
add_module_names = False

PACKAGES = ("simengine", "streams", "markets", "agents", "analysis")
REFERENCE = Path(__file__).with_name("reference")


def list_public_names():
    """Write a page per package with its public names; autosummary makes a page of each class and function."""
    shutil.rmtree(REFERENCE, ignore_errors=True)  # names that are public no more have no page
    REFERENCE.mkdir()
    homes = {}
    for package in reversed(PACKAGES):
        module = importlib.import_module(package)
        pages, values = "", ""
        for name in sorted(module.__all__):
            value, full = getattr(module, name), f"{package}.{name}"
            if not documented(value):
                values += f"- ``{full}``: ``{shown(value)}``\n"
            elif homes.setdefault(value, full) == full:
                pages += f"   {full}\n"
            else:
                home = homes[value]
                values += f"- ``{full}``: :doc:`{home.partition('.')[0]}/{home}`\n"
        text = f"{package}\n{'=' * len(package)}\n\n{module.__doc__}\n\n"
        text += f".. autosummary::\n   :toctree: {package}\n   :nosignatures:\n\n{pages}"
        text += f"\nAlso here\n---------\n\n{values}" if values else ""
        (REFERENCE / f"{package}.rst").write_text(text, encoding="utf-8")


def documented(value):
    """Whether a docstring of its own says what it is."""
    return inspect.isfunction(value) or (inspect.isclass(value) and not typing.get_args(value))


def shown(value):
    """A value in a few words."""
    return repr(value) if len(repr(value)) < 80 else type(value).__name__


def mark_examples(app, what, name, obj, options, lines):
    """Docstrings set examples off by indentation alone: say so in reStructuredText."""
    text = "\n".join(lines)
    lines[:] = re.sub(r"(?<=\S)\n\n(?=    \S)", "\n\n::\n\n", text).split("\n")


def setup(app):
    """The lists are there before autosummary looks for them."""
    list_public_names()
    app.connect("autodoc-process-docstring", mark_examples)
