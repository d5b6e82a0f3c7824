"""What an exchange publishes, and what is measured of it."""
