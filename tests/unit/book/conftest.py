from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def file_keys(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from bhxh.signing.key_files import FileKeys

    return FileKeys(Path(tmp_path_factory.mktemp("keys")), "mof")


@pytest.fixture(scope="session")
def book_key(file_keys: Any) -> Any:
    return file_keys.seal_key("book")
