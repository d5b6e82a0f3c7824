"""What a macro economy's history meant: stylised facts, responses, forecasts, figures and the report."""
