"""The report of a society holds every figure, its questions and its data sheet, whatever was recorded."""

import networkx as nx
import pytest

from analysis import Run
from analysis.barter import QUESTIONS, Measure, rows
from analysis.barter.figures import FIGURES
from analysis.barter.headlines import TILES, headlines
from analysis.barter.recorded import Recorded
from analysis.barter.report import CAPTIONS, answered, questions, write_report
from analysis.run import NoReport
from simengine.recording import Recording
from simengine.scenarios import Scenario
from tests.analysis.barter.figures.village import events, village, write_village
from tests.analysis.macro.test_report import Tags


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = write_village(tmp_path_factory.mktemp("report") / "run", command="python -m x --set a=<b>")
    write_report(Run(folder))
    return folder


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "report.html").read_text()


def test_the_page_holds_every_figure_and_the_animation_and_loads_nothing(folder, page):
    files = {file.name for file in (folder / "figures").iterdir()}
    assert files == {"animation.gif", *(f"{name}.png" for name in FIGURES)}
    tags = Tags(page)
    assert tags.open == []
    assert sum(address.startswith("data:image/png;base64,") for address in tags.addresses) == len(FIGURES)
    assert sum(address.startswith("data:image/gif;base64,") for address in tags.addresses) == 1
    assert all(address.startswith(("#", "data:")) for address in tags.addresses)
    assert all(caption in page for caption in CAPTIONS.values() if "'" not in caption)


def test_every_figure_has_a_caption_of_its_own():
    assert set(CAPTIONS) == {"animation", *FIGURES}


def test_the_page_has_the_data_sheet_and_how_to_repeat_the_run(page):
    assert "LEARNED  everything" in page
    assert "python -m x --set &#x27;a=&lt;b&gt;&#x27;" in page


def test_the_family_tree_lies_beside_the_report(folder, page):
    assert "networkx.read_graphml('genealogy.graphml', node_type=int)" in page
    tree = nx.read_graphml(folder / "genealogy.graphml", node_type=int)
    assert sorted(tree.edges) == [(0, 4), (2, 4), (4, 5)]
    assert (tree.nodes[1], tree.nodes[5]) == ({"slot": 1, "death": 1}, {"slot": 3, "birth": 5})
    assert tree.edges[4, 5]["role"] == "both"


def test_headlines_are_numbers_of_the_last_year(tmp_path):
    society = village(tmp_path / "run")
    found = {what: (value, beside) for what, value, beside in headlines(society)}
    assert len(found) == len(TILES)
    assert found["mean reward, utility per tick"] == ("2.500", "first year 2.500")
    assert found["deaths of hunger"] == ("1", "of 2 deaths")
    assert found["Gini of meals, at market prices"] == ("0.00", "first year 0.00")


def test_headlines_without_data_are_left_out(tmp_path):
    society = village(tmp_path / "run", without=("Clearing", "Death"))
    assert len(headlines(society)) == len(TILES) - 2


def test_answers_stand_under_their_questions():
    html = questions(rows([Measure("hubs", 0.41, 0.22, 0.38, 0.44, 64, "Gini")]))
    assert all(question.title in html for question in QUESTIONS)
    assert html.count("<li>") == len(QUESTIONS) - 1
    table = html[html.index("<table>") : html.index("</table>")]
    for cell in ("hubs", "0.410 Gini", "0.220", "[0.380, 0.440]", "64", "above chance"):
        assert f">{cell}</td>" in table
    assert html.index("<table>") < html.index(QUESTIONS[1].title)  # attention is the first question


def society_of(folder, numbers):
    config = {"agents": 6, "lifespan": 10, "year": 10}
    record = {"events": "all", "replicas": "all"}
    scenario = Scenario(world="barter", replicas=numbers, ticks=20, config=config, record=record)
    Recording.begin(scenario, folder).run()
    return Recorded(Run(folder))


def test_a_recorded_society_answers_the_questions(tmp_path):
    html = answered(society_of(tmp_path / "run", [*range(6)] * 2))
    assert "histories measured: 6, of arms on equal noise the first, over their last 10 ticks" in html
    assert html.count("<table>") == len(QUESTIONS) - 1  # what filtering is worth only control arms can tell
    assert html.count("<li>") == 1


def test_few_histories_get_no_verdict(tmp_path):
    html = answered(society_of(tmp_path / "run", [0, 1]))
    assert "verdicts come from 6 on" in html
    assert "<table>" not in html
    assert html.count("<li>") == len(QUESTIONS)


def test_of_a_recording_that_is_too_short_nothing_is_measured(tmp_path):
    html = answered(village(tmp_path / "run"))
    assert "not measured: " in html
    assert "4 ticks in a row to measure (valid: every tick, 10 or more)" in html
    assert "<table>" not in html


def test_what_was_not_recorded_is_said_and_the_rest_is_drawn(tmp_path):
    folder = write_village(tmp_path / "run", without=("Attention",))
    assert "figures/attention.png" not in write_report(Run(folder))
    page = (folder / "report.html").read_text()
    assert "attention: no Attention events recorded" in page
    assert page.count("data:image/png") == len(FIGURES) - 2


def test_without_deaths_there_is_no_family_tree(tmp_path):
    folder = write_village(tmp_path / "run", without=("Death",))
    assert "genealogy.graphml" not in write_report(Run(folder))
    assert "genealogy: no Death events recorded" in (folder / "report.html").read_text()


def test_with_nothing_recorded_there_is_no_report(tmp_path):
    with pytest.raises(NoReport, match="nothing to draw: no Production events recorded"):
        write_report(Run(write_village(tmp_path / "run", without=tuple(events()))))
