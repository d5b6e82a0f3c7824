"""What is seen of the macro economy: its event types and its metrics."""
