"""What must leave the house is written in the transaction that caused it, and delivered after it, at least once."""
