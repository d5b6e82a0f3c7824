"""What is seen: typed, columnar event streams, observers, metrics and recorders."""
