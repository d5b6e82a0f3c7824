"""What `@event` accepts, learns and refuses."""

import numpy as np
import pytest
from numpy.typing import NDArray

from streams import Labels, col, declared, event, f8, i1, i4
from streams import events as kernel
from streams.event import EVENTS, dtype_of, path_of
from streams.macro import events as shipped


def test_an_event_class_knows_its_columns_with_dtype_unit_and_meaning():
    @event
    class Shipment:
        """Goods on their way."""

        firm: i4 = col("slot", "who sends")
        weight: f8 = col("kg", "gross weight")

    kind = declared(Shipment)
    assert (kind.name, kind.doc, kind.series) == ("Shipment", "Goods on their way.", False)
    assert list(kind.columns) == ["firm", "weight"]
    assert Shipment.weight.dtype == np.float64
    assert Shipment.weight.unit == "kg"
    assert EVENTS[path_of(Shipment)] is Shipment


def test_an_event_class_can_be_marked_as_series():
    @event(series=True)
    class Accounts:
        """A quarter."""

        gdp: f8 = col("cent")

    assert declared(Accounts).series


def test_a_docstring_is_required():
    with pytest.raises(TypeError, match="Silent: a docstring is required"):

        @event
        class Silent:
            amount: f8 = col("cent")


def test_a_column_without_declaration_is_refused():
    with pytest.raises(TypeError, match=r"Loose.amount: write amount: float64 = col\(unit, doc\)"):

        @event
        class Loose:
            """Something."""

            amount: f8 = 3.0


@pytest.mark.parametrize("name", ["tick", "replica", "rows", "total", "_hidden"])
def test_names_that_a_batch_uses_are_refused_as_columns(name):
    with pytest.raises(TypeError, match=f"column name '{name}' is reserved"):
        event(type("Bad", (), {"__doc__": "Bad.", "__annotations__": {name: f8}, name: col("unit")}))


def test_a_class_without_columns_is_refused():
    with pytest.raises(TypeError, match="declare at least one column"):
        event(type("Empty", (), {"__doc__": "Empty."}))


def test_a_class_that_is_not_an_event_is_named_as_such():
    with pytest.raises(TypeError, match=r"<class 'int'> is not an event type"):
        declared(int)


def test_a_subclass_of_an_event_is_no_event_until_it_is_decorated():
    class Sub(shipped.Trade):
        """A trade with more."""

    with pytest.raises(TypeError, match="is not an event type"):
        declared(Sub)


def test_columns_are_annotated_with_scalar_types_or_arrays_of_them():
    assert dtype_of(np.int16) == dtype_of(NDArray[np.int16]) == np.int16
    for wrong in (int, "i4", NDArray):
        with pytest.raises(TypeError, match="valid is a NumPy scalar type or an NDArray of one"):
            dtype_of(wrong)


def test_fixed_labels_refuse_unknown_names_and_growing_ones_learn_them():
    fixed, growing = Labels(["a", "b"]), Labels(grows=True)
    assert fixed.code("b") == 1
    with pytest.raises(ValueError, match="unknown name 'c'; valid: a, b"):
        fixed.code("c")
    assert [growing.code(name) for name in ("x", "y", "x")] == [0, 1, 0]
    assert growing[1] == "y"


def test_every_shipped_event_documents_every_column():
    declared_in = [*vars(kernel).values(), *vars(shipped).values()]
    types = [kind for kind in declared_in if isinstance(kind, type) and hasattr(kind, "__event__")]
    assert len(types) == 24
    for kind in types:
        for column in declared(kind).columns.values():
            assert column.unit, f"{kind.__name__}.{column.name}"
            assert column.doc, f"{kind.__name__}.{column.name}"


def test_money_is_whole_cents_and_agents_are_slots():
    for kind in (
        shipped.Trade,
        shipped.Default,
        shipped.Loan,
        shipped.Repayment,
        shipped.Balance,
        shipped.Wealth,
    ):
        for column in declared(kind).columns.values():
            if column.unit.startswith("cent"):
                assert column.dtype == np.int64
            if column.unit == "slot":
                assert column.dtype == np.int32


def test_labels_of_a_column_are_kept():
    @event
    class Signal:
        """A light."""

        colour: i1 = col("code", "what is lit", ["red", "green"])

    assert list(Signal.colour.labels) == ["red", "green"]
