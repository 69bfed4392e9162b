"""Turn a typst template and data into PDF/A-3a + PDF/UA-1 bytes: own fonts only, no network, the same input gives the same bytes."""

from collections.abc import Mapping
from pathlib import Path

import typst

_ROOM = Path(__file__).resolve().parent
_FONTS = _ROOM / "fonts"


def compile_pdf(template: Path, inputs: Mapping[str, str]) -> bytes:
    """Compile one template. `inputs` reach it as `sys.inputs`; user data must go in only there, as JSON text.

    The compiler refuses what would break PDF/A or PDF/UA, such as a picture without an alternative text.
    """
    made = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=dict(inputs),
        pdf_standards=["a-3a", "ua-1"],
    )
    assert isinstance(made, bytes), "without an output path the compiler hands back bytes"
    return made
