"""Who decides in a barter society: foragers, with five networks each."""
