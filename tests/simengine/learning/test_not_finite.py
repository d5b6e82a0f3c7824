"""Bad numbers in a world that is learned in: a training stops at the first one, and no weight has met it."""

import re

import numpy as np
import pytest

from simengine.kernel import SimulationFailed
from simengine.learning.training import Trainer
from tests.simengine.learning.worlds import DAYS, Poisoned, bits, small

BAD = (np.nan, np.inf, -np.inf)
VALUE = r"(nan|inf|-inf)"
SAYS = {
    "observation": rf"KernelError: shops: observation \d of agent \d in replica \d is {VALUE}: "
    "valid is a finite number",
    "outputs": rf"NotFinite: shops: output \d+ of agent \d in replica \d is {VALUE}: "
    "valid is a finite number",
    "reward": rf"ValueError: shops: reward of agent \d in replica \d at tick \d+ is {VALUE}: "
    "valid is a finite number",
}


@pytest.fixture(scope="module")
def trainer(tmp_path_factory):
    """A training after two iterations that opens a new episode at each."""
    plan = small(world="tests.simengine.learning.worlds:Poisoned", spans=1, iterations=1_000)
    trainer = Trainer(plan, tmp_path_factory.mktemp("training"))
    for _ in range(2):
        trainer.iterate()
    return trainer


def poisoned_outputs(remembering, poison):
    def answer(rows):
        outputs, memory = remembering(rows)
        if poison["tick"] == 0:
            outputs[poison["row"] % len(outputs), poison["column"] % outputs.shape[1]] = poison["bad"]
        poison["tick"] -= 1
        return outputs, memory

    return answer


@pytest.mark.parametrize("site", SAYS)
def test_two_hundred_bad_numbers_each_stop_the_training_at_once(site, trainer, monkeypatch):
    rng, pupil, before = np.random.default_rng(3), trainer.pupils["shops"], bits(trainer)
    for k in range(200):
        row, column = (int(number) for number in rng.integers(1_000, size=2))
        poison = {"site": site, "tick": int(rng.integers(DAYS)), "row": row, "column": column}
        poison["bad"] = BAD[k % 3]
        with monkeypatch.context() as patch:
            patch.setattr(Poisoned, "poison", poison)
            if site == "outputs":
                spoiled = poisoned_outputs(pupil.forward.remembering, poison)
                patch.setattr(pupil.forward, "remembering", spoiled)
            with pytest.raises(SimulationFailed) as failed:
                trainer.iterate()
        assert re.search(SAYS[site], str(failed.value)), failed.value
        assert str(poison["bad"]) in str(failed.value)
        assert failed.value.seed == trainer.collector.sim.seed
        assert trainer.iteration == 2
        assert bits(trainer) == before
        rows = pupil.rollout.transitions
        assert np.isfinite(rows.observation).all()
        assert np.isfinite(rows.reward).all()
        pupil.rollout.clear()
    assert all(np.isfinite(array).all() for array in pupil.memory().values())


def test_an_update_that_was_undone_is_told_in_the_log_and_the_training_goes_on(trainer):
    before, bias = bits(trainer), trainer.pupils["shops"].learner.network.value.bias
    hook = bias.register_hook(lambda gradient: gradient * np.nan)
    trainer.iterate()
    hook.remove()
    assert trainer.rows[-1]["undone"] == "shops: gradient of value.bias is nan: valid is a finite number"
    unchanged = {name for name, array in bits(trainer).items() if array == before[name]}
    assert set(before) - unchanged == {"shops.updates"}
    trainer.iterate()
    assert trainer.rows[-1]["undone"] == ""
    assert bits(trainer) != before
