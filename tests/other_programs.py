"""Other people's programs in tests: whoever lacks one reads what was not checked, and how to make it run."""

import shutil

import pytest

INSTALLED_BY = "On Debian: apt-get install openssl xmlsec1 poppler-utils qpdf mupdf-tools zbar-tools nodejs softhsm2 clamav-daemon; then run these tests again"
BESIDE = "Put the folder shared/data beside this checkout, or name the folder shared in BHXH_SHARED; then run these tests again"


def needs(*programs: str) -> None:
    """Skips, loudly, where one of them is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"NOT CHECKED by other people's tools: the program {program} is not installed. {INSTALLED_BY}")
