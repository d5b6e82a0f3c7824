"""Workers in the process of the test, to whom everything is sent as bytes, as to another process."""

import pickle

from simengine.workers import answered


class Scripted:
    """Workers that answer last come first served, and die over a ticket as often as they are told."""

    def __init__(self, room=2, deaths=None):
        self.room, self.deaths, self.held, self.most, self.dropped = room, dict(deaths or {}), {}, 0, False

    def send(self, ticket, function, task):
        self.held[ticket] = pickle.dumps((function, task))
        self.most = max(self.most, len(self.held))

    def arrived(self):
        ticket = max(self.held)
        function, task = pickle.loads(self.held.pop(ticket))
        if self.deaths.get(ticket, 0):
            self.deaths[ticket] -= 1
            return [(ticket, None)]
        return [(ticket, pickle.loads(pickle.dumps(answered(function, task))))]

    def drop(self):
        self.held, self.dropped = {}, True

    def close(self):
        self.drop()
