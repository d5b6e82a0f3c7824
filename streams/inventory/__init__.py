"""What shops that order goods publish, and what is measured of it."""
