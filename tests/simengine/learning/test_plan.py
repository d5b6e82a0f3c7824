"""Plans: settings on top of a preset, who learns, and what is refused."""

import pytest

from agents.hyperparameters import PRESETS
from simengine.errors import UserError
from simengine.learning.learners import features_of
from simengine.learning.plan import Plan
from simengine.worlds.inventory.world import Inventory
from tests.environments.village import Village

SEATS = {"firms": None, "banks": None, "state": None}


def test_settings_of_a_population_go_before_those_of_all_and_these_before_the_preset():
    plan = Plan(preset="source", settings={"all": {"clip": 0.3, "epochs": 2}, "banks": {"clip": 0.1}})
    firms, banks = plan.hyperparameters("firms"), plan.hyperparameters("banks")
    assert (firms.clip, firms.epochs, firms.minibatch) == (0.3, 2, PRESETS["source"].minibatch)
    assert (banks.clip, banks.epochs) == (0.1, 2)


def test_all_learn_unless_some_are_named_and_always_in_the_order_of_the_world():
    assert Plan().learns(SEATS) == ("firms", "banks", "state")
    assert Plan(populations=("state", "firms")).learns(SEATS) == ("firms", "state")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: Plan(preset="quick").hyperparameters("firms"), "quick"),
        (lambda: Plan(settings={"all": {"clipping": 1}}).hyperparameters("firms"), "clipping"),
        (lambda: Plan(populations=("farms",)).learns(SEATS), "farms"),
        (lambda: Plan(start={"farms": "x"}).learns(SEATS), "farms"),
    ],
)
def test_a_name_that_does_not_exist_is_refused_in_one_line(ask, said):
    with pytest.raises(UserError, match=said) as refused:
        ask()
    assert "\n" not in str(refused.value)


def test_a_world_that_does_not_say_what_it_shows_cannot_be_learned_in():
    assert list(features_of(Inventory())) == ["shops"]
    with pytest.raises(UserError, match="'village': cannot be learned in: valid is a world with features"):
        features_of(Village())
