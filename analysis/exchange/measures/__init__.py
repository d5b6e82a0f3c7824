"""What is measured of a market: pure functions on arrays, one idea a file."""
