"""Sweeps: one world at many points of its settings, measured at each."""
