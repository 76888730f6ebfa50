"""What a machine asks about this machine: does it live, is it ready, how is it doing."""
