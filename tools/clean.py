"""Stop this checkout's embedded database and remove what was made here: .bhxh, out, build."""

import os
import shutil

from bhxh.wiring.embedded_postgres import EmbeddedPostgres
from tools.stack import ROOT


def main() -> None:
    """The server tree shared by other checkouts stays."""
    postgres = EmbeddedPostgres(ROOT / ".bhxh")
    postgres.stop(mode="immediate")
    if os.geteuid() == 0:
        shutil.rmtree(postgres.data_folder, ignore_errors=True)
    for made in (".bhxh", "out", "build"):
        shutil.rmtree(ROOT / made, ignore_errors=True)


if __name__ == "__main__":
    main()
