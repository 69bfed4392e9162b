"""What the heaviest XML that the door lets in costs: a process of its own, because a peak is of a whole process.

WHY from /proc: what getrusage calls the peak of a child begins with that of the process that started it.
"""

import subprocess
import sys
from pathlib import Path

import pytest

_VERIFY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bhxh.kernel.errors import Invalid
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import verify_xades
folder, filler = Path(sys.argv[1]), sys.argv[2].encode()
signed = (folder / "signed.xml").read_bytes()
count = 990_000 // filler.count(b"<")
data = signed.replace(b"<Nen/>", filler * count)
del signed
try:
    verify_xades(data, profile=HOSO_UNIT, anchors=TrustList.load(folder / "pki" / "trust").anchors, at=datetime.now(UTC))
except Invalid as refused:
    print(refused.code)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024, len(data))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from datetime import UTC, datetime

    from bhxh.signing.profiles import HOSO_UNIT
    from bhxh.signing.xades import complete_signature, prepare_signature
    from sandbox.pki.authority import issue_employer_certificate
    from sandbox.pki.token import sign_with

    made: Path = tmp_path_factory.mktemp("heavy")
    der, key = issue_employer_certificate(made / "pki", "0100109106", "CÔNG TY")
    prepared = prepare_signature(b"<Hoso><Nen/><CKy_Dvi/></Hoso>", profile=HOSO_UNIT, certificate=der, at=datetime.now(UTC))
    (made / "signed.xml").write_bytes(complete_signature(prepared, sign_with(key, prepared.to_sign)))
    return made


@pytest.mark.parametrize("filler", ["<a/>x", "<a>x</a>", "<!--x-->", "<a/><!---->"], ids=["elements", "texts", "comments", "both"])
def test_hundreds_of_thousands_of_tiny_parts_stay_below_500_mb(folder: Path, filler: str) -> None:
    """Each is read whole and digested before it is refused: the signature is over other content."""
    run = subprocess.run(
        [sys.executable, "-c", _VERIFY, str(folder), filler], capture_output=True, text=True, cwd=Path(__file__).parents[3], check=True
    )
    code, measured = run.stdout.split(None, 1)
    peak_mb, size = map(int, measured.split())
    assert code == "SIG-010" and size > 3_900_000
    assert peak_mb < 500
