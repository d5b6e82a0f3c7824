"""Who trades on an exchange: what each kind of trader sees, wants and does."""
