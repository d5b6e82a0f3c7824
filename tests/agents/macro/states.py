"""Small states for the agents' kernels: views of a few agents, and what must hold when agents are shuffled.

The view classes are the macro world's own, so that compiled code is the code that runs there.
"""

import numpy as np

from simengine.worlds.macro import state
from simengine.worlds.macro.config import MacroConfig, params

RULES = params(MacroConfig())


def population(columns, agents, replicas=1, **values):
    """The view of a population with `values` written into its columns, everything else at its default."""
    widths = {"visits": 4} if "suppliers" in columns.__annotations__ else {}
    view = columns(replicas, agents, live=agents, **widths).arrays
    return written(view, values)


def economy(replicas=1, **values):
    """The view of what a replica's agents share: a unit per efficiency month, 100 cents a unit, no gaps."""
    rest = {"trend": 1.0, "price_level": 100.0, "wage_level": 100.0}
    rest |= {"natural_rate": 0.06, "unemployment_smooth": 0.06}
    return written(state.Economy(replicas).arrays, {**rest, **values})


def written(view, values):
    for name, value in values.items():
        getattr(view, name)[...] = value
    return view


def drawn(columns, agents, replicas, sizes, seed):
    """A population with every column at random, its actions below the heads' `sizes`."""
    luck, view = np.random.default_rng(seed), population(columns, agents, replicas)
    for column in view:
        if column.dtype == np.float64:
            column[...] = luck.uniform(0.5, 2.0, column.shape)
        elif column.dtype == np.bool_:
            column[...] = luck.random(column.shape) < 0.5
        else:
            column[...] = luck.integers(0, 200, column.shape)
    view.action[...] = luck.integers(0, list(sizes.values()), view.action.shape)
    return view


def drawn_economy(replicas, seed):
    """An economy off its rest point, different in every replica."""
    luck = np.random.default_rng(seed)
    view = economy(replicas)
    for name in ("rate", "expected_inflation", "confidence", "cost", "productivity", "wage_push", "credit"):
        getattr(view, name)[...] = luck.normal(0.0, 0.02, replicas)
    view.price_level[...] = luck.uniform(80.0, 120.0, replicas)
    view.unemployment_smooth[...] = luck.uniform(0.03, 0.1, replicas)
    return view


def outcome(rule, view, shared, arrays):
    """Every column after the rule has run on copies, and what it returned."""
    view, shared = (type(x)(*(column.copy() for column in x)) for x in (view, shared))
    returned = rule(view, shared, *(array.copy() for array in arrays))
    returned = () if returned is None else returned if isinstance(returned, tuple) else (returned,)
    return [*view, *shared, *returned]


def assert_shuffling_agents_shuffles_results(rule, view, shared, *arrays):
    """`rule(view, shared, *arrays)` treats agents alike; arrays are (replica, agent)."""
    agents = view.alive.shape[1]
    order = np.random.default_rng(9).permutation(agents)

    def shuffled(column):
        return column[:, order].copy() if column.ndim > 1 and column.shape[1] == agents else column.copy()

    before = outcome(rule, view, shared, arrays)
    after = outcome(rule, type(view)(*map(shuffled, view)), shared, [shuffled(array) for array in arrays])
    for one, other in zip(before, after):
        np.testing.assert_array_equal(shuffled(one), other)


def assert_a_replica_alone_has_the_same_bits(rule, view, shared, *arrays):
    """`rule` gives each replica what it gives it when it runs alone."""
    together = outcome(rule, view, shared, arrays)
    for r in range(len(view.alive)):
        only = slice(r, r + 1)
        views = (type(x)(*(column[only].copy() for column in x)) for x in (view, shared))
        alone = outcome(rule, *views, [array[only] for array in arrays])
        for one, other in zip(together, alone):
            np.testing.assert_array_equal(one[only], other)


def assert_heads_match_tables(module, size, **tables):
    """Heads are as long as their tables, `size` combinations in all, and neutral entries are what rest is."""
    assert {head: len(table) for head, (table, _) in tables.items()} == module.HEADS
    assert np.prod(list(module.HEADS.values())) == size
    for (table, rest), neutral in zip(tables.values(), module.NEUTRAL):
        assert table[neutral] == rest
        assert (np.diff(table) > 0).all()
