"""Worlds: one file each that joins populations, markets and a timetable; its docstring is the data sheet."""
