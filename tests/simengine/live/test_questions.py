"""What who plays is shown: names, units, what each answer does, and a line that answers."""

import numpy as np
import pytest

from agents.observation import Feature, Items
from simengine import Simulation
from simengine.live.questions import shown, text
from simengine.live.wording import command


def asked(world, population, tick=None, **config):
    """The first question to agent 0 of a population that is played, and its simulation."""
    sim, seen = Simulation(world, seed=1, config=config), []

    def desk(questions):
        seen.extend(questions)
        sim.stop()
        return [None] * len(questions)

    sim.desk = desk
    sim.strike(command(f"play {population}/0@now..+1y", sim.world, 0).strike(sim, "."))
    sim.run(years=1)
    return seen[0], sim


def test_numbers_have_names_units_and_the_values_they_had_before_they_were_scaled():
    question, sim = asked("inventory", "shops")
    told = shown(question, sim.world, 30.0)
    features = sim.world.features["shops"]
    assert [each["name"] for each in told["seen"]] == [feature.name for feature in features]
    again = [each["value"] * feature.scale for each, feature in zip(told["seen"], features)]
    assert np.allclose(again, question.seen, atol=1e-5)
    head = told["heads"]["order"]
    assert head["does"] == sim.world.actions["shops"]["order"].values.tolist()
    assert head["unit"] == "goods ordered"


@pytest.mark.parametrize(("world", "population"), [("inventory", "shops"), ("barter", "foragers")])
def test_the_last_line_is_the_rules_answer_as_the_run_takes_it(world, population):
    question, sim = asked(world, population, **({"agents": 4} if world == "barter" else {}))
    lines = text(shown(question, sim.world, 30.0), "runs/live").splitlines()
    answer = command(lines[-1].split("runs/live ")[1], sim.world, sim.tick).checked(sim)
    assert (answer.population, answer.agent, answer.replica) == (population, 0, 0)
    assert answer.action.keys() == question.heads.keys()
    for head, said in answer.action.items():
        assert np.array_equal(np.atleast_1d(said), question.heads[head].rest)


def test_a_world_that_names_nothing_shows_numbers():
    question, sim = asked("inventory", "shops")
    sim.world.features, sim.world.actions = {}, {}
    told = shown(question, sim.world, 30.0)
    assert told["seen"] == question.seen.tolist()
    assert str(told["seen"]) in text(told, "runs/live")


def test_items_are_named_one_by_one():
    question, sim = asked("inventory", "shops")
    items = np.array([[0.5, 2.0], [1.0, 4.0]])
    sim.world.features = {
        "shops": {"orders": Items((Feature("price", "dollar", 10.0), Feature("lots", "lot")), 2)}
    }
    told = shown(question._replace(seen={"orders": items}), sim.world, 30.0)
    assert [[(f["name"], f["value"]) for f in item] for item in told["seen"]["orders"]] == [
        [("price", 0.05), ("lots", 2.0)], [("price", 0.1), ("lots", 4.0)],
    ]  # fmt: skip
    lines = text(told, "runs/live").splitlines()
    assert [line.split() for line in lines if "price" in line] == [
        ["price", "0.05", "dollar"], ["price", "0.1", "dollar"],
    ]  # fmt: skip
