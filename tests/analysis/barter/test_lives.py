"""Who is who in slots that are taken again."""

import numpy as np
import pytest

from analysis.barter.lives import Births, parent_slots

# Three slots; at tick 1 agent 3 takes slot 0, at tick 4 agents 4 and 5 take slots 0 and 2.
BIRTHS = Births(*(np.array(x) for x in ([3, 4, 5], [1, 3, 1], [2, 1, 2], [1, 4, 4], [0, 0, 2])))
FIRST = [0, 1, 2]


def test_parents_are_found_in_the_slots_where_they_stood():
    steps = parent_slots(BIRTHS, FIRST, 5)
    own = [0, 1, 2]
    assert steps.born.sum() == 3
    assert steps.born[1].tolist() == [True, False, False]
    assert steps.mother.tolist() == [own, [1, 1, 2], own, own, [0, 1, 1]]  # 3 stood in slot 0
    assert steps.father.tolist() == [own, [2, 1, 2], own, own, [1, 1, 2]]  # 2 in the slot that 5 takes


def test_a_parent_that_is_dead_is_refused():
    dead = BIRTHS._replace(mother=np.array([1, 0, 1]))
    with pytest.raises(ValueError, match="parent 0 of a birth at tick 4 is not in the population"):
        parent_slots(dead, FIRST, 5)
