"""The macro economy: a production economy with credit, jobs, a budget and a central bank."""
