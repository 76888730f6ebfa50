"""When a post ends, or somebody leaves: what waits for them goes to their successor, with a sheet that both sign."""
