"""Who decides in the macro economy: households, firms, banks, the government and the central bank."""
