"""Live runs: commands told to a run while it goes on, their journal, its pace, and who plays."""
