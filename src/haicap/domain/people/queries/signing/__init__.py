"""The register of certificates and devices, and who cannot sign on a day."""
