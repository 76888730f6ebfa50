"""HaiCap: the platform of a two-level local government."""

__version__ = "0.1.0"
