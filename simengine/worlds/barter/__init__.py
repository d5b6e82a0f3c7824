"""The barter society: foragers who talk, produce, trade, breed and die."""
