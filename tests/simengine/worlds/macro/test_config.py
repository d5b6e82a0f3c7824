"""The macro world's configuration: what no key alone can refuse."""

import pytest

from simengine.config import ConfigError, validated
from simengine.worlds.macro.config import MacroConfig


def test_more_suppliers_than_firms_are_refused_in_one_line():
    said = r"firm.suppliers is 4 \(at most firms, which is 3\)"
    with pytest.raises(ConfigError, match=said) as refused:
        validated(MacroConfig, {"firms": 3})
    assert "\n" not in str(refused.value)
    assert validated(MacroConfig, {"firms": 3, "firm": {"suppliers": 3}}).firms == 3
