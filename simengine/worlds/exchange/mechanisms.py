"""The mechanisms of an exchange by name: what each does, where it comes from, and the settings without it."""

from simengine.worlds.contract import Mechanism


def _without(says: str, source: str, section: str, **off: float) -> Mechanism:
    return Mechanism(says, source, {section: off})


MECHANISMS: dict[str, Mechanism] = {
    "attention": _without(
        "makers are more careful and traders busier after volatility", "Müller et al. (1997)",
        "attention", gain=0.0, asymmetry=0.0,
    ),
    "attention_cap": _without(
        "attention has an upper end", "assumed", "attention", cap=1000.0,
    ),
    "asymmetry": _without(
        "attention rises when prices fall", "Black (1976)", "attention", asymmetry=0.0,
    ),
    "long_horizons": _without(
        "some remember volatility for up to a year", "LeBaron (2001)", "attention", horizon_most=10.0,
    ),
    "large_orders": _without(
        "some trade large orders in slices", "Lillo, Mike and Farmer (2005)", "traders", parents=0,
    ),
    "learned_flow": _without(
        "makers learn what flow follows flow, and price the rest", "Bouchaud et al. (2004)",
        "behaviour", maker_learning=0.0,
    ),
    "concave_heed": _without(
        "a trade's sign says more than its size", "Lillo, Farmer and Mantegna (2003)",
        "behaviour", maker_concavity=1.0,
    ),
    "layers": _without(
        "makers show more behind their best price", "Bouchaud, Mézard and Potters (2002)",
        "behaviour", maker_apart=0.01,
    ),
    "pool": _without(
        "large orders meet passive traders at the middle", "Almgren et al. (2005)", "traders", pool=0,
    ),
    "value": _without(
        "reservation prices wait around the going price", "Tóth et al. (2011)", "traders", value=0,
    ),
    "funds": _without(
        "value investors borrow", "Thurner, Farmer and Geanakoplos (2012)", "traders", funds=0,
    ),
    "momentum": _without(
        "some follow the trend and each other", "Lux and Marchesi (1999)", "traders", momentum=0,
    ),
    "fast": _without(
        "some take what is stale at once", "Budish, Cramton and Shim (2015)", "traders", fast=0,
    ),
    "news": Mechanism(
        "what instruments are worth changes", "Glosten and Milgrom (1985)", {"news_daily": 0.0},
    ),
    "all_but_noise": Mechanism(
        "all but noise traders and makers that learn nothing", "Gode and Sunder (1993)",
        {
            "traders": {"value": 0, "parents": 0, "fast": 0, "funds": 0, "momentum": 0, "pool": 0},
            "behaviour": {"maker_impact": 0.0, "maker_learning": 0.0, "maker_apart": 0.01},
            "attention": {"gain": 0.0, "asymmetry": 0.0},
        },
    ),
}  # fmt: skip
"""What an ablation takes away. News off leaves what is worth where it was."""
