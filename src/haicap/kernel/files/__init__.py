"""Stored files: content-addressed, type sniffed, size limited, never served as active content."""
