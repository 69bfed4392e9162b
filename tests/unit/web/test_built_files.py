"""The built files are those of the present sources, and may be given away."""

import json
import re
from hashlib import sha256

from bhxh.web.assets import BUILT, all_assets

SOURCES = BUILT.parent / "assets"


def test_what_is_built_was_built_from_what_is_there() -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text())
    for name, folder, skipped in (("sources", SOURCES, "node_modules"), ("built", BUILT, "manifest.json")):
        present = {
            file.relative_to(folder).as_posix(): file
            for file in folder.rglob("*")
            if file.is_file() and skipped not in file.relative_to(folder).parts
        }
        assert {path: sha256(file.read_bytes()).hexdigest() for path, file in present.items()} == manifest[name], "run make assets"


def test_every_font_comes_with_its_licence() -> None:
    fonts = {name for name in all_assets() if name.endswith(".woff2")}
    assert len(fonts) == 5
    for licence in ("OFL-BeVietnamPro.txt", "OFL-Inter.txt"):
        assert b"SIL OPEN FONT LICENSE" in all_assets()[licence].content.upper()


def test_the_base_is_worn_without_its_brand() -> None:
    for asset in all_assets().values():
        assert not re.search(rb"GDS Transport|crest|crown|gov\.uk/", asset.content, re.IGNORECASE), asset.name


def test_the_first_view_is_small() -> None:
    first = [asset for name, asset in all_assets().items() if name in {"app.css", "app.js"} or name.endswith(".woff2")]
    assert sum(len(asset.squeezed or asset.content) for asset in first) < 105 * 1024
