"""`make pictures`: turn what the demonstration left in out/ into pictures to look at: PDFs, mails on a phone and a desk, the workbook."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.stack import ROOT

OUT = ROOT / "out"
_WIDTHS = {"phone": 390, "desk": 820}


def main() -> int:
    """Pictures go to out/pictures; a program that is missing is named and its pictures left out."""
    folder = OUT / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    if not (OUT / "demo.json").exists():
        print("Chưa có out/: chạy make demo trước · run make demo first")
        return 1
    for file in sorted(OUT.glob("*.pdf")):
        _run("pdftoppm", "-r", "110", "-png", str(file), str(folder / file.stem))
    for file in sorted(OUT.glob("*.html")):
        for name, width in _WIDTHS.items():
            _photograph(file, folder / f"{file.stem}-{name}.png", width)
    with tempfile.TemporaryDirectory() as made:
        profile = f"-env:UserInstallation={Path(made, 'profile').as_uri()}"
        workbook = OUT / "danh-sach-d02-ket-qua.xlsx"
        if _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", made, str(workbook)):
            _run("pdftoppm", "-r", "250", "-png", str(Path(made) / f"{workbook.stem}.pdf"), str(folder / workbook.stem))
    for picture in sorted(folder.glob("*.png")):
        print(picture.relative_to(ROOT))
    return 0


def _photograph(page: Path, picture: Path, width: int) -> None:
    with tempfile.TemporaryDirectory() as profile:
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
        size = f"--window-size={width},2400"
        _run("chromium", *options, f"--user-data-dir={profile}", size, f"--screenshot={picture}", page.as_uri())


def _run(program: str, *arguments: str) -> bool:
    if shutil.which(program) is None:
        print(f"({program} không có trên máy: bỏ qua · {program} is not installed: left out)")
        return False
    with tempfile.TemporaryDirectory() as home:  # WHY: browsers and office programs leave settings and caches at home
        environment = {**os.environ, "HOME": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home}
        return subprocess.run([program, *arguments], env=environment, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
