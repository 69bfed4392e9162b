"""Looks and own data, held to the code and the schema: no slug without words, no table of a person that the copy forgets."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.db.models import Model

import bhxh
from bhxh.audit.shown import SHOWN
from bhxh.kernel.actor import LegalBasis
from bhxh.kernel.data_groups import GROUP_WORDS, DataGroup
from bhxh.own_data.words import BASES
from bhxh.registry.copying import COPIED as FROM_REGISTRY
from tests.house import schema

_ROOM = Path(bhxh.__file__).resolve().parent
_WRITTEN = re.compile(
    r'(?:record_looks?|look_parameters|_look|look_at_filer)\([^()]*?(?:\([^()]*\)[^()]*?)*?what="([a-z_]+)"|'
    r'_look(?:_at_filer)?\([^"]*?, "([a-z_]+)"\)|look_at_filer\([^"]*?, "([a-z_]+)"\)',
    re.DOTALL,
)

COPIED_ELSEWHERE: Final = {
    "access_account": "du-lieu/accounts.json",
    "access_consent": "du-lieu/consents.json",
    "access_consent_request": "du-lieu/consent_requests.json",
    "access_data_request": "du-lieu/data_requests.json",
    "audit_look": "du-lieu/looks.json",
    "book_version": "so-bhxh/",
    "credentials_credential": "so-bhxh/ma-qr.json",
    "dossiers_counter_filing": "du-lieu/dossiers.json",
    "dossiers_answers": "du-lieu/drafts.json",
    "dossiers_dossier": "du-lieu/dossiers.json",
    "dossiers_line": "du-lieu/dossiers.json",
    "ledger_contribution_line": "du-lieu/ledger.json",
    "transcripts_step": "du-lieu/transcripts.json",
    "notices_message": "du-lieu/letters.json",
}
LEFT_OUT: Final = {
    "audit_entry": "who changed what: each change shows in the rows themselves, with dossier and time; the log has no index by person",
    "audit_leaf": "places in the log's tree: nothing about a person",
    "book_archive_copy": "which item of the warehouse is a book's copy for decades; the items themselves are copied",
    "book_state": "derived from the versions, which are copied",
    "credentials_withdrawal": "when one took a code back oneself: told with the code in so-bhxh/ma-qr.json",
    "credentials_share": "what one shares for some minutes: each opening is told as a look, and a day later nothing is left of it",
    "credentials_proposal": "what officers propose about a book before it is decided; what was decided is told by letter and stands in the book",
    "book_publication": "that a version reached the e-ID account: told as a look",
}
"""Tables with a person in them that the copy does not hold, and why."""


def test_every_slug_a_look_is_written_with_has_words() -> None:
    found = set()
    for file in _ROOM.rglob("*.py"):
        found |= {slug for match in _WRITTEN.findall(file.read_text()) for slug in match if slug}
    assert {"book", "evidence", "own_copy", "dossier_line"} <= found, "the search finds what is known"
    assert found <= SHOWN.keys(), f"say in audit/shown.py what {sorted(found - SHOWN.keys())} shows"


@pytest.mark.parametrize("slug", SHOWN)
def test_words_are_whole_in_both_languages(slug: str) -> None:
    shown = SHOWN[slug]
    assert shown.vi.strip() == shown.vi and shown.en.strip() == shown.en and shown.vi != shown.en


def test_every_group_and_every_legal_basis_has_words() -> None:
    assert set(GROUP_WORDS) == set(DataGroup)
    assert set(BASES) == set(LegalBasis)


def _holds_a_person(model: type[Model]) -> bool:
    return any(field.name == "person_id" for field in model._meta.local_fields)


def test_the_copy_forgets_no_table() -> None:
    in_registry = {manager.model._meta.db_table for tables in FROM_REGISTRY.values() for manager in tables.values()}
    tables = {model._meta.db_table for model in schema.models() if _holds_a_person(model)}
    assert tables == in_registry | COPIED_ELSEWHERE.keys() | LEFT_OUT.keys(), (
        "say in tests/house/test_looks.py where a person's copy has it, or why it does not"
    )
    assert not (in_registry | COPIED_ELSEWHERE.keys()) & LEFT_OUT.keys()
