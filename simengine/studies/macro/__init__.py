"""Studies of the macro economy: size, transmission, forecasts, experiments."""
