"""What the recordings of an exchange mean: stylised facts, measures, figures, the report."""
