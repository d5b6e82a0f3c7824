"""What is seen of a barter society: its event types and its metrics."""
