"""What verifiers of XML signatures say of filed documents: `xmlsec1`, and `xadesjs` of npm."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.foreign.npm_packages import fetched
from tools.foreign.programs import Said, in_short, run

_HERE = Path(__file__).parent / "xadesjs"
SIGNED_IDS = tuple(part for name in ("Hoso", "NoiDung", "KeyInfo", "SignedProperties") for part in ("--id-attr:Id", name))
"""Where `xmlsec1` looks for what a reference names: it takes no attribute for an Id by itself."""


def xmlsec1(xml: bytes, *, root: Path, issuer: Path, references: int = 3) -> Said:
    """`xmlsec1 --verify` with the signer's path; every one of the references a XAdES signature of ours has."""
    with TemporaryDirectory() as made:
        file = Path(made) / "document.xml"
        file.write_bytes(xml)
        trusted = (
            "--enabled-reference-uris",
            "empty,same-doc",
            "--enabled-key-data",
            "x509",
            "--trusted-pem",
            root,
            "--untrusted-pem",
            issuer,
        )
        done = run("xmlsec1", "--verify", *trusted, *SIGNED_IDS, file)
    said = Said(done.returncode == 0, in_short(done.stderr, done.stdout))
    return said.but(holds=f"{references}/{references}".encode() in done.stderr, because=f"not {references} references: {said.words}")


def xadesjs(xml: bytes) -> Said:
    """Npm `xadesjs`: every reference and the signature, by the certificate inside. Raises NotHereError where npm reaches no registry."""
    with TemporaryDirectory() as made:
        file = Path(made) / "document.xml"
        file.write_bytes(xml)
        done = run("node", _HERE / "verify_xades.mjs", _packages(), file)
    told = json.loads(done.stdout)
    return Said(bool(told["holds"]) and done.returncode == 0, in_short(str(told.get("why", "holds")).encode()), told)


@cache
def _packages() -> Path:
    return fetched(_HERE, oldest_node=18)


@cache
def xadesjs_version() -> str:
    """Of the package that npm fetched. Raises NotHereError."""
    package = _packages() / "node_modules" / "xadesjs" / "package.json"
    return str(json.loads(package.read_bytes())["version"])
