"""The staff's pages of dossiers, one module a page; addresses stand in `urls`."""
