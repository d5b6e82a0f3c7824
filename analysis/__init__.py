"""What it meant: recordings, measures, stylised facts, figures, reports."""
