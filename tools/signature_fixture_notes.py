"""What is to be said of single signature files beyond what can be read from them: the fault they hold, and our own test of it."""

NOTES = {
    "valid-xades.xml": "broken despite its name; same fault in our form: “value changed”",
    "xades-level-b-with-certvals.xml": "certificates in unsigned properties are not looked at",
    "xades-lta-corrupted-cert.xml": "same fault in our form: “garbage as certificate”",
    "xades-tampered-reference.xml": "same fault in our form: “value changed”",
    "xades-tampered-manifest.xml": "ds:Manifest is never followed; same fault in our form: “value changed”",
    "xades-sign-cert-v2-wrong-issuer-serial.xml": "the serial number it names is not the certificate's",
    "xades-wrong-sign-cert-digest.xml": "same fault in our form: “signed properties name another certificate”",
    "xades-not-base64-sigValue.xml": "same fault in our form: “value is no Base64”",
    "xades-unknown-digest-algo.xml": "same fault in our form: “unknown digest”",
    "malformed-xades.xml": "refused where it should be: by the XML door",
    "xmldsig-only.xml": "plain XMLDSig without signed properties; same in our form: “without signed properties”",
    "dss1811-multi-algo.xml": "intact only with content that is not here",
    "xades-counter-signature-no-type.xml": "counter-signatures are not taken; RSA-PSS is not taken either",
    "xades-counter-signature-injected.xml": "same fault in our form: “two signatures”",
    "xades-fake-counter-signature.xml": "same fault in our form: “two signatures”",
    "xades-t-duplicated-sigtst.xml": "time stamps inside the XML are not looked at",
    "xsw__XSW-enveloping-fake-manifest.xml": "same fault in our form: the rows “wrapping”",
    "dss1770__dss1770rootAndRefs.xml": "signs parts besides the whole; one reference to the content is taken",
    "dss1770__dss1770refUriRemoved.xml": "same fault in our form: “reference without URI”",
    "dss2011__xades-detached.xml": "same fault in our form: “external reference”; nothing is fetched",
    "xades-with-no-name-reference.xml": "same fault in our form: “reference without URI”",
    "xades-ecc-brainpool.xml": "brainpool curves are not taken; same in our form: “brainpool”",
    "dss-signed.xml": "the one valid enveloped RSA file: its cryptography is accepted by a profile made for it",
    "pades_infinite_loop.pdf": "the reader stops by itself",
    "xades-t-with-tsvd.xml": "the path to an authority does not stand in the file",
    "xades-ocsp-before-cert-validity.xml": "the certificate begins after the time that is claimed",
    "pades-ltv.pdf": "an object that it refers to is not there, which the strict reader does not forgive",
}
"""Names in quotation marks are rows of the attack table of `test_xades_attacks.py`."""

PKITS_NOTES = {
    "BadSignedCACert.pem": "the subset holds no certificate below it: refused as a signer, its path is not shown",
    "BadnotAfterDateCACert.pem": "the subset holds no certificate below it: refused as a signer, its path is not shown",
    "InvalidBadCRLSignatureTest4EE.pem": "the answer is not believed, so the question stays open",
    "InvalidWrongCRLTest6EE.pem": "the answer is about others, so the question stays open",
    "InvalidMissingbasicConstraintsTest1EE.pem": "no path is found through it",
    "InvalidpathLenConstraintTest5EE.pem": "no path is found through it",
}
