"""Pages of certificates and devices."""
