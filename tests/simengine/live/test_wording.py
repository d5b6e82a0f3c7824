"""Commands in one line: what they say, and what is refused."""

import pytest

from simengine.errors import UserError
from simengine.live.commands import COMMANDS, command_of
from simengine.live.wording import EXAMPLES, command
from simengine.registry import world_class

WORLD = world_class("macro")()
YEAR = WORLD.ticks_per_year


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "shock rate:+0.01@now..+1y#half",
            {
                "shock": {
                    "type": "rate", "size": 0.01, "start": "100", "until": str(100 + YEAR), "replicas": "half"
                }
            },
        ),
        ("set rate=0.02@10y#0,2", {"lever": "rate", "value": 0.02, "at": 10 * YEAR, "replicas": [0, 2]}),
        ("set harvest/1=-.5", {"lever": "harvest", "value": -0.5, "at": 100, "place": 1, "replicas": "all"}),
        ("seat firms.price=random", {"place": "firms.price", "policy": "random", "at": 100, "weights": ""}),
        ("play banks/3@+2 weeks..+1y", {"population": "banks", "agent": 3, "at": 102, "until": 102 + YEAR}),
        ("drop banks/3", {"population": "banks", "agent": 3, "at": 100, "until": 101}),
        ("answer banks/3#1 spread=4 mix=.5,.5", {"replica": 1, "action": {"spread": 4, "mix": [0.5, 0.5]}}),
        ("answer banks/3 late", {"agent": 3, "replica": 0}),
        ("step 4", {"number": 4.0}),
        ("pause", {"number": 1.0}),
    ],
)  # fmt: skip
def test_a_line_is_a_record(line, says):
    found = command(line, WORLD, 100)
    record = found.model_dump(mode="json", exclude_none=True)
    assert {name: record[name] for name in says} == says
    assert record["kind"] == line.split()[0]
    assert command_of(record) == found


def test_every_kind_that_takes_words_has_an_example_that_is_understood():
    for kind, line in EXAMPLES.items():
        assert command(line, WORLD, 0).kind == kind


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("stopp", "unknown kind 'stopp': did you mean 'stop'?"),
        ("", "unknown kind ''"),
        ("pause 3", "pause takes no words"),
        ("set rate", "write 'set rate=0.02@10y'"),
        ("set rate=nan", "'nan' is no number"),
        ("set rate=٣", "is no number"),
        ("seat firms=random#1", "write 'seat"),
        ("play firms", "write 'play"),
        ("play firms/x", "write 'play"),
        ("drop firms/1@soon", "drop: when = 'soon': valid is a tick"),
        ("answer firms/1", "write 'answer"),
        ("answer firms/1 price=", "'' is no number"),
        ("shock rate:x", "is no number"),
        ("step -1", "command.step.number: input should be greater than or equal to 0"),
    ],
)
def test_what_says_nothing_is_refused_in_one_line(line, said):
    with pytest.raises(UserError) as refused:
        command(line, WORLD, 0)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_records_have_no_other_keys():
    with pytest.raises(UserError, match=r"command\.stop\.soon: extra inputs are not permitted"):
        command_of({"kind": "stop", "soon": True})
    assert COMMANDS.validate_python({"kind": "stop"}).kind == "stop"
