"""Administrative units as history: each valid from a day to a day, joined by lineage, never edited, never deleted."""
