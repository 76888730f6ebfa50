"""Quotas against who is there, cases of streamlining, service units: what the pages show, counted from rows."""
