"""Many addresses at once: from a CSV file to a CSV file, at once or as a job in a queue."""

from haicap.domain.units.commands.conversion.converting import ADDED, REPORTED, Stopped, Tally, convert

__all__ = ["ADDED", "REPORTED", "Stopped", "Tally", "convert"]
