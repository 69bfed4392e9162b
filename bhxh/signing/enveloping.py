"""Foreign files whose root is the signature, with the signed file in base64 inside: what is handed on is that file's own bytes."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_SHAPE
from bhxh.signing.profiles import SignatureProfile
from bhxh.signing.signature_shape import DS, XADES, check_enveloping
from bhxh.signing.signers import signer_of
from bhxh.signing.xades import VerifiedXml, digests_of, read_anchors, read_claims, run_verifier
from bhxh.signing.xades_verifier import HeldVerifier
from bhxh.signing.xml_door import parse_xml


def verify_enveloping(data: bytes, *, profile: SignatureProfile, anchors: Sequence[bytes | x509.Certificate], at: datetime) -> VerifiedXml:
    """Verify a file that is the signature; `signed_xml` of the answer is the file inside, not yet parsed by anybody.

    Raises: Invalid SIG-001 to SIG-005, SIG-007 to SIG-012, SIG-020 to SIG-024 and SIG-032.
    """
    root = parse_xml(data, maximum_bytes=profile.maximum_bytes)
    references, content_at = check_enveloping(root, profile)
    verifier = HeldVerifier(read_anchors(anchors))
    verifier.lifted = root
    results = run_verifier(verifier, root, profile=profile, references=references, at=at)
    others = [result for index, result in enumerate(results) if index != content_at]
    tags = [None if one.signed_xml is None else one.signed_xml.tag for one in others]
    if sorted(map(str, tags)) != sorted([f"{{{XADES}}}SignedProperties", *([f"{{{DS}}}KeyInfo"] if len(others) > 1 else [])]):
        raise Invalid(SIG_SHAPE, profile=profile.name, reason="ký những phần ngoài dự kiến", reason_en="it signs unexpected parts")
    assert verifier.verified is not None
    properties = next(
        one.signed_xml for one in others if one.signed_xml is not None and one.signed_xml.tag == f"{{{XADES}}}SignedProperties"
    )
    return VerifiedXml(
        signed_xml=bytes(results[content_at].signed_data),
        signer=signer_of(verifier.verified),
        claimed_signed_at=read_claims(properties, profile, verifier.verified),
        profile_name=profile.name,
        digests=digests_of(root),
    )
