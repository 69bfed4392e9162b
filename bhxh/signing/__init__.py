"""Sign and verify: XML, sealed JSON, certificates, revocation, time stamps."""
