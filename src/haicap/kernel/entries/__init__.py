"""Every piece of work: an entry in a numbered register that moves through states, under a deadline, in somebody's hands."""
