"""The room's papers: a certificate of completion, and the list of requests that goes to the issuer."""
