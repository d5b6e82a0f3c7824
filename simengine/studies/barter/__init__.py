"""Studies of the barter society: what its parts are worth."""
