"""The pages are run: their Python, their commands; and what they point at is there."""

import re
import shlex
import sys

import pytest

from tests.simengine.command import ROOT, called

PAGES = sorted((ROOT / "docs").glob("*.md"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in PAGES}


def blocks(page, language):
    return re.findall(rf"``{language}\n(.*?)``", TEXTS[page], re.DOTALL)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty current folder, from which modules are imported and forgotten afterwards."""
    known = set(sys.modules)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - known:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]


def run(code, page, capsys):
    """Execute an example; what it prints must be what its comments say it prints."""
    exec(compile(code, f"{page}.md", "exec"), {})
    said = re.findall(r"print\(.*\)  # (.*)", code)
    assert capsys.readouterr().out.splitlines() == said


@pytest.mark.parametrize("page", [page for page in TEXTS if page.startswith("life-of-")])
def test_the_examples_of_a_life_print_what_their_comments_say(page, folder, capsys):
    (code,) = blocks(page, "python")
    run(code, page, capsys)


def test_a_world_written_from_the_page_passes_check_runs_is_compared_trains_and_is_drawn(folder, capsys):
    world, *examples = blocks("write-a-world", "python")
    assert len([line for line in world.splitlines() if line.strip()]) <= 64
    (folder / "fishery.py").write_text(world, encoding="utf-8")
    for block in blocks("write-a-world", "sh"):
        for words in map(shlex.split, block.strip().splitlines()):
            if words[0] == "simengine":
                code, out, err = called(*words[1:])
                assert code == 0, (words, out, err)
    capsys.readouterr()
    for code in examples:
        run(code, "write-a-world", capsys)
    assert (folder / "runs/greedy/figures/impulse_response.png").is_file()
    assert (folder / "runs/greedy/report.html").is_file()
    assert (folder / "runs/busy/figures/week.png").is_file()


def test_what_pages_point_at_is_there():
    for page, text in TEXTS.items():
        for path in re.findall(r"`([\w/]+/[\w/]+\.py)`", text):
            assert (ROOT / path).is_file(), f"{page}: {path}"
        for name in re.findall(r"\]\(([\w-]+)\.md\)", text):
            assert name in TEXTS, f"{page}: {name}"
    for name in re.findall(r"\]\(docs/([\w-]+)\.md\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert name in TEXTS, f"README: {name}"
    listed = re.findall(r"^([\w-]+)$", TEXTS["index"], re.MULTILINE)
    assert set(TEXTS) - {"index"} <= set(listed)
