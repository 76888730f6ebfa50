"""Adapters that fill the ports of the rooms: what really reaches the outside world."""
