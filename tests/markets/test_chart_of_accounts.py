"""Sectors, instruments and currencies that do not fit together are refused in one line."""

import pytest

from markets import Instrument, Ledger
from tests.markets.conftest import INSTRUMENTS, SECTORS


def coins(name, **more):
    return Instrument(name, "central_bank", money_of=("households",), **more)


@pytest.mark.parametrize(
    ("instruments", "message"),
    [
        ([Instrument("bonds", "states")], "instrument 'bonds': unknown sector 'states'"),
        ([coins("mark"), coins("mark")], "instrument 'mark': declared twice"),
        (
            [coins("mark"), coins("franc")],
            "currencies are counted in cent, cent (valid: each in a unit of its own)",
        ),
        (
            [Instrument("mark", ("firms", "banks"), money_of=("firms",))],
            "money has one issuer (issuers: firms, banks)",
        ),
        (
            [coins("mark"), Instrument("notes", "banks", money_of=("firms",), settled_in="mark")],
            "instrument 'notes': settled in mark (valid: currencies with which banks pay, one for each)",
        ),
        ([coins("mark", settled_in="gold")], "unknown kind of instrument 'gold': valid: mark"),
        (
            [coins("mark"), Instrument("notes", "households", money_of=("households",), settled_in="mark")],
            "households pay with mark and notes: one in a currency",
        ),
        (
            [coins("mark", kind="cash"), coins("notes"), coins("franc", kind="cash")],
            "instrument 'franc': must stand beside 'mark' of its kind and be owed and held alike",
        ),
    ],
)
def test_instruments_that_do_not_fit_together_are_refused(instruments, message):
    with pytest.raises(ValueError) as refused:
        Ledger(1, SECTORS, instruments, {})
    assert message in str(refused.value)


def test_a_sector_has_accounts_and_overdrafts_are_of_known_sectors():
    with pytest.raises(ValueError, match=r"sector 'firms' has 0 accounts \(valid: 1 or more\)"):
        Ledger(1, SECTORS | {"firms": 0}, INSTRUMENTS, {})
    with pytest.raises(ValueError, match="overdraft: unknown sector 'bank': did you mean 'banks'"):
        Ledger(1, SECTORS, INSTRUMENTS, {}, overdraft=["bank"])
