"""An exchange: traders of many kinds and instruments of many sorts around a matching engine."""
