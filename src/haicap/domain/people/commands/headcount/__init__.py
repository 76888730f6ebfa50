"""Quotas, cases of streamlining and service units: one by one, or many from a file that is judged row by row."""
