"""Worlds, a folder each: its `world.py` joins populations, markets and a timetable, and is the data sheet."""
