"""What the worker does by the clock, and what became of it: every run is written down, and a run can be asked for."""
