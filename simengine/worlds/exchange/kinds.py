"""The kinds of traders, by number and name."""

VALUE, NOISE, PARENTS, MAKERS, FAST, FUNDS, MOMENTUM, POOL = range(8)
KINDS = ("value", "noise", "parents", "makers", "fast", "funds", "momentum", "pool")
PLACES = 8
"""How many live orders a trader has room for; the number of the k-th is slot × `PLACES` + k."""
