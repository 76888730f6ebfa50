"""The room's papers: a certificate of completion, the list of requests that goes to the issuer, a calculation of streamlining."""
