"""The staff's pages of denunciations; addresses stand in `urls`."""
