"""Stand-in certificate authority: OCSP, CRL, RFC 3161 and certificates for synthetic employers. `python -m sandbox.pki --help`."""
