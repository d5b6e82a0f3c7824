"""Mail: what a trader decides is on its way for a while; what arrives at a tick is carried out by arrival."""

from simengine.worlds.exchange.state import WAIT
from streams.jit import branch, leaf

PARTS = 1024  # of a tick, in which arrivals are told apart


@branch
def send(f, r, a, arrival, place, kind, side, price, quantity, tif):
    """Put a message among those that arrive at its tick, behind those that arrive no later."""
    mail, desk = f.mail, f.desk
    letter = desk.free[r]
    if letter < 0:
        desk.lost[r] += 1
        return
    desk.free[r] = mail.following[r, letter]
    mail.arrival[r, letter], mail.trader[r, letter], mail.place[r, letter] = arrival, a, place
    mail.kind[r, letter], mail.side[r, letter], mail.tif[r, letter] = kind, side, tif
    mail.price[r, letter], mail.quantity[r, letter] = price, quantity
    day = (arrival // PARTS) % WAIT
    before, after = -1, desk.first[r, day]
    while after >= 0 and mail.arrival[r, after] <= arrival:
        before, after = after, mail.following[r, after]
    mail.following[r, letter] = after
    if before < 0:
        desk.first[r, day] = letter
    else:
        mail.following[r, before] = letter


@leaf
def take_letter(f, r, tick):
    """The next message that arrives at a tick, which is freed but stands until another is sent; -1: none."""
    desk, day = f.desk, tick % WAIT
    letter = desk.first[r, day]
    if letter >= 0:
        desk.first[r, day] = f.mail.following[r, letter]
        f.mail.following[r, letter] = desk.free[r]
        desk.free[r] = letter
    return letter
