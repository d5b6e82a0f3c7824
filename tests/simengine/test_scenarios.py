"""Scenario files: strict, refused with file and line, and never a traceback."""

import re
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simengine.errors import UserError
from simengine.scenarios import Scenario, read, shipped
from simengine.scenarios.lines import line_of
from simengine.scenarios.scenario import replica_numbers
from tests.simengine.command import called

SMALL = "tests.simengine.small_world:Small"

GOOD = f"""# A comment
world = "{SMALL}"
seed = 3
replicas = [0, 1, 0, 1]
years = 2

[config]
walkers = 4
walk.drift = 0.5

[policies]
walkers = "random"

[record]
events = ["Output"]
every = 2

[[shock]]
type = "rate"
size = 0.01
start = "1 year"
duration = "6 months"
replicas = "half"

[[shock]]
type = "bank_failure"
bank = 2
start = 60
"""


def written(tmp_path, text):
    path = tmp_path / "it.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_scenario_holds_everything_a_run_depends_on(tmp_path):
    scenario = read(written(tmp_path, GOOD))
    assert scenario.replicas == [0, 1, 0, 1]
    assert scenario.until(48) == 96
    assert scenario.make_world().config.walk.drift == 0.5
    first, second = scenario.strikes(scenario.make_world())
    assert (first.tick, first.until, first.indices(4)) == (48, 72, (2, 3))
    assert (second.tick, second.until, second.shock.bank) == (60, None, 2)


def test_a_scenario_survives_the_way_through_a_manifest(tmp_path):
    scenario = read(written(tmp_path, GOOD))
    again = Scenario.model_validate_json(scenario.model_dump_json(exclude_none=True))
    assert again == scenario
    assert again.strikes(again.make_world()) == scenario.strikes(scenario.make_world())


def test_the_command_line_wins_over_the_file_and_adds_shocks(tmp_path):
    path = written(tmp_path, GOOD)
    scenario = read(
        path,
        {
            "seed": 9,
            "ticks": 72,
            "config": {"walkers": 6},
            "shock": [{"type": "cost", "size": 0.1, "start": 4}],
        },
    )
    assert (scenario.seed, scenario.until(48), scenario.config["walkers"]) == (9, 72, 6)
    found = scenario.strikes(scenario.make_world())
    assert [strike.name for strike in found] == ["rate", "bank_failure", "cost"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("seed = 3", "sead = 3", 3, "unknown key 'sead': did you mean 'seed'?"),
        ("seed = 3", "seed = -3", 3, "greater than or equal to 0"),
        ("seed = 3", 'seed = "3"', 3, "valid integer"),
        ("seed = 3", "seed = ", 3, "no valid TOML"),
        ("years = 2", "years = 2\nticks = 3", 6, "give one of the two"),
        ("years = 2", "years = 0.3333", 5, "no whole number of ticks"),
        ("years = 2", "years = nan", 5, "finite number"),
        ("[0, 1, 0, 1]", "[]", 4, "valid is a count from 1"),
        (SMALL, "tests.simengine.small_world:Smal", 2, "did you mean 'Small'?"),
        (SMALL, "macroo", 2, "unknown world 'macroo': did you mean 'macro'?"),
        (SMALL, "pathlib:Path", 2, "this is no world: valid is a class derived from simengine.World"),
        ("walkers = 4", "walkerz = 4", 8, "unknown key 'walkerz': did you mean 'walkers'?"),
        ("walk.drift = 0.5", 'walk.drift = "x"', 9, "valid number"),
        ("every = 2", "evry = 2", 16, "unknown key 'evry': did you mean 'every'?"),
        ('walkers = "random"', 'walkers = "randm"', 12, "unknown policy 'randm': did you mean 'random'?"),
        ('type = "rate"', 'type = "rat"', 18, "unknown shock 'rat': did you mean 'rate'?"),
        ("size = 0.01", "size = 0.01\nsiez = 3", 18, "unknown key 'siez': did you mean 'size'?"),
        ("size = 0.01", "size = inf", 18, "valid is a number from -1 to 1"),
        ('start = "1 year"', 'start = "1 yeer"', 18, "unknown unit 'yeer': valid are ticks, weeks"),
        ('start = "1 year"', "start = 1.5", 21, "valid is a tick such as 48"),
        ('start = "1 year"', 'start = "2 years"', 21, "never strikes: that is tick 96,"),
        ('replicas = "half"', "replicas = [7]", 23, "valid are 0 to 3"),
        ('type = "bank_failure"', "", 25, "this key is required"),
    ],
)  # fmt: skip
def test_a_refusal_names_file_line_and_what_is_valid(tmp_path, old, new, line, said):
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(UserError) as refused:
        read(path)
    message = str(refused.value)
    assert said in message
    assert message.startswith(f"{path}:{line}:"), message
    assert "\n" not in message


def test_a_mistake_on_the_command_line_is_not_blamed_on_the_file(tmp_path):
    with pytest.raises(UserError) as refused:
        read(written(tmp_path, GOOD), {"config": {"walkerz": 6}})
    assert str(refused.value) == "config: unknown key 'walkerz': did you mean 'walkers'?"


@pytest.mark.parametrize(
    ("given_numbers", "numbers"),
    [
        (3, [0, 1, 2]),
        ([7], [7]),
        ("2", [0, 1]),
        ("7,9", [7, 9]),
        ("0-2,0-2", [0, 1, 2, 0, 1, 2]),
        ("5-5", [5]),
    ],
)
def test_replicas_are_a_count_or_numbers(given_numbers, numbers):
    assert replica_numbers(given_numbers) == numbers


@pytest.mark.parametrize(
    "wrong", [0, -1, True, 1.5, "", "a", "3-", [-1], [1.0], [True], {}, None, "0-9999999", 10**9]
)
def test_other_replicas_are_refused(wrong):
    with pytest.raises(ValueError, match="valid is a count from 1"):
        replica_numbers(wrong)


def test_every_shipped_scenario_reads_as_toml_with_a_first_line_about_itself():
    assert set(shipped()) >= {
        "rate_shock",
        "credit_crisis",
        "no_stabilisers",
        "zero_lower_bound",
        "supply_shock",
    }
    for path in shipped().values():
        assert re.match(r"# [A-Z].*\.\n", path.read_text())


def test_lines_are_found_in_tables_dotted_keys_and_repeated_blocks():
    text = "a.b = 1\n[c]\nd = 2\n[[e]]\nf = 3\n[[e]]\n'g h' = 4\n"
    paths = [("a", "b"), ("c", "d"), ("c",), ("e", 0, "f"), ("e", 1), ("e", 1, "g h"), ("nowhere",)]
    assert [line_of(text, path) for path in paths] == [1, 3, 2, 5, 6, 7, 1]


# 1,000 malformed files: every one is refused with exit code 2 and one line.

words = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12)
junk = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=3),
    st.none(),
)


def toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(c if 31 < ord(c) < 127 and c not in '"\\' else "?" for c in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return "{}" if value is None else repr(value)


KNOWN = {"world", "seed", "replicas", "years", "ticks", "policies", "config", "record", "observe", "shock"}
SHOCK_KEYS = {"type", "start", "until", "duration", "replicas", "size"}
unknown_top = st.builds(lambda k, v: f"{k} = {toml(v)}\n{GOOD}", words.filter(lambda k: k not in KNOWN), junk)
unknown_config = st.builds(
    lambda k, v: GOOD.replace("[config]", f"[config]\n{k} = {toml(v)}"),
    words.filter(lambda k: k not in ("walkers", "fragile", "walk")), junk,
)  # fmt: skip
unknown_in_shock = st.builds(
    lambda k, v: GOOD.replace("size = 0.01", f"size = 0.01\n{k} = {toml(v)}"),
    words.filter(lambda k: k not in SHOCK_KEYS), junk,
)  # fmt: skip
wrong_seed = st.builds(
    lambda v: GOOD.replace("seed = 3", f"seed = {toml(v)}"),
    junk.filter(lambda v: type(v) is not int or v < 0),
)
wrong_start = st.builds(
    lambda v: GOOD.replace('start = "1 year"', f"start = {toml(v)}"),
    junk.filter(lambda v: type(v) is not int and not (isinstance(v, str) and re.match(r"\s*[+-]?\d", v))),
)
wrong_type = st.builds(
    lambda k: GOOD.replace('"rate"', f'"{k}"'),
    words.filter(lambda k: k not in ("rate", "cost", "confidence", "productivity")),
)
cut_off = st.builds(lambda n: GOOD[:n] + "\n= [", st.integers(0, len(GOOD)))
noise = st.binary(min_size=1, max_size=60).map(lambda b: b"\xff" + b)
symbols = st.text("[]{}=\"'#.,\n \\", min_size=1, max_size=30).map(lambda s: GOOD + "\n= " + s)
deep = st.integers(2000, 4000).map(lambda n: "a = " + "[" * n)
malformed = st.one_of(
    unknown_top,
    unknown_config,
    unknown_in_shock,
    wrong_seed,
    wrong_start,
    wrong_type,
    cut_off,
    noise,
    symbols,
    deep,
)


@given(text=malformed)
@settings(
    max_examples=1000, suppress_health_check=list(HealthCheck), database=None, derandomize=True
)
def test_a_thousand_malformed_files_are_each_refused_in_one_line(tmp_path_factory, text):
    path = written(tmp_path_factory.getbasetemp(), text)
    code, out, said = called("run", str(path), "--out", str(path.parent / "never"))
    assert code == 2, f"{said}{text!r}"
    assert out == ""
    assert said.count("\n") == 1
    assert said.startswith(f"error: {path}:")
    assert not (path.parent / "never").exists()


@pytest.mark.parametrize("target", ["nowhere.toml", "/", "."])
def test_a_file_that_is_not_there_is_one_line(target, tmp_path):
    code, _, said = called("run", str(tmp_path / target) if target != "/" else "/x.toml")
    assert code == 2
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_is_valid(name):
    code, out, err = called("check", name)
    assert (code, err) == (0, "")
    assert "valid" in out
