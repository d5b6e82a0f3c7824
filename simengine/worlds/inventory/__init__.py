"""A shop with stock and demand, solved exactly: the smallest world."""
