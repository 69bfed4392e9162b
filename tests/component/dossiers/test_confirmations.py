"""The e-ID account's confirmation as a signature: what is filed by it, what is kept of it, and every way to cheat with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bhxh.dossiers import catalogue, confirming
from bhxh.dossiers.models import Dossier, Draft
from bhxh.dossiers.procedure import SignatureRule
from bhxh.dossiers.queries import get_dossier
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import BhxhError
from bhxh.signing.confirmations import Party, PartyKind, Signer, SignerKind, verify_confirmation
from bhxh.warehouse.store import read_blob
from tests.dossier_kit import AT, LAW, PROCEDURE, TAX_CODE, World, document, login, xml_document

OTHER = Signer(account="eid:test:other", pin="001188000002", full_name="Người Khác")


@pytest.fixture
def signatory(world: World) -> confirming.Signatory:
    """The clerk, a minute after signing in."""
    confirmed = world.confirmed(b"")
    return confirming.Signatory(signer=confirmed.signer, login=confirmed.login, right="LEGAL_REPRESENTATIVE")


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(BhxhError) as caught:
        act()
    return caught.value.code


def prepare(world: World, *wishes: str, **more: Any) -> confirming.ToConfirm:
    more = {"procedure_slug": PROCEDURE.slug, "document": document(*wishes), **more}
    return confirming.prepare_confirmation(actor=world.clerk, at=AT, **more)


def confirm(world: World, shown: confirming.ToConfirm, signatory: confirming.Signatory, **more: Any) -> Any:
    more = {"actor": world.clerk, "at": AT, "content_sha256": shown.sha256, "channel": "PORTAL", **more}
    return confirming.confirm(draft_id=shown.draft_id, signatory=signatory, deps=world.receiving, **more)


def test_what_was_shown_is_confirmed_filed_and_can_be_verified_later(world: World, signatory: confirming.Signatory) -> None:
    shown = prepare(world, "grant", "refuse")
    assert confirming.show_to_confirm(actor=world.clerk, at=AT, draft_id=shown.draft_id) == shown
    receipt = confirm(world, shown, signatory)
    proof = get_dossier(receipt.code).proof
    assert (proof["kind"], proof["acted_for"], proof["by_right"]) == ("eid", "organisation", "LEGAL_REPRESENTATIVE")
    sealed = read_blob(str(proof["confirmation_sha256"]))
    verified = verify_confirmation(sealed, keys=world.keys.key_set(), content=shown.content)
    assert verified.confirmed.signer == signatory.signer
    assert verified.confirmed.party == Party(kind=PartyKind.ORGANISATION, identifier=TAX_CODE, right="LEGAL_REPRESENTATIVE")
    assert verified.confirmed.login == signatory.login
    assert get_dossier(receipt.code).canonical_sha256 == verified.confirmed.content_sha256 == shown.sha256


def test_the_row_holds_no_name_and_no_number_of_the_signer(world: World, signatory: confirming.Signatory) -> None:
    receipt = confirm(world, prepare(world, "grant"), signatory)
    kept = {name: value for name, value in get_dossier(receipt.code).proof.items() if not name.startswith("filer_")}
    assert signatory.signer.pin not in str(kept)
    assert signatory.signer.full_name not in str(kept)


def test_a_confirmation_sent_again_is_the_first_receipt_and_seals_nothing_more(world: World, signatory: confirming.Signatory) -> None:
    shown = prepare(world, "grant")
    first = confirm(world, shown, signatory)
    proof = get_dossier(first.code).proof
    stale = replace(signatory, login=login(AT - timedelta(hours=1)))
    again = [confirm(world, shown, who, at=AT + timedelta(minutes=minutes)) for who, minutes in ((signatory, 1), (stale, 9))]
    assert {receipt.code for receipt in again} == {first.code}
    assert all(receipt.is_repeat for receipt in again)
    assert Dossier.objects.count() == 1
    assert get_dossier(first.code).proof == proof


def test_a_confirmation_does_not_file_again_what_was_withdrawn(world: World, signatory: confirming.Signatory) -> None:
    from bhxh.dossiers.commands import withdraw

    shown = prepare(world, "grant")
    first = confirm(world, shown, signatory)
    withdraw(actor=world.clerk, at=AT, dossier_id=first.dossier_id, reason="")
    assert confirm(world, shown, signatory).code == first.code
    assert Dossier.objects.count() == 1


# -- attacks in two steps ------------------------------------------------------------------------------------------


def test_other_content_than_was_shown_is_refused_and_the_draft_stays(world: World, signatory: confirming.Signatory) -> None:
    shown = prepare(world, "grant")
    assert code_of(lambda: confirm(world, shown, signatory, content_sha256=sha256_hex(document("refuse")))) == "SIG-073"
    assert Dossier.objects.count() == 0
    assert confirm(world, shown, signatory).is_repeat is False


@pytest.mark.parametrize("minutes", [6, 60])
def test_a_stale_login_is_refused_and_the_draft_stays(world: World, signatory: confirming.Signatory, minutes: int) -> None:
    shown = prepare(world, "grant")
    stale = replace(signatory, login=login(AT - timedelta(minutes=minutes)))
    assert code_of(lambda: confirm(world, shown, stale)) == "SIG-071"
    assert (Dossier.objects.count(), Draft.objects.count()) == (0, 1)
    assert confirm(world, shown, signatory).is_repeat is False


def test_level_1_is_refused(world: World, signatory: confirming.Signatory) -> None:
    low = replace(signatory, login=replace(signatory.login, assurance_level=1))
    assert code_of(lambda: confirm(world, prepare(world, "grant"), low)) == "SIG-070"
    assert Dossier.objects.count() == 0


def test_somebody_elses_draft_does_not_exist(world: World, signatory: confirming.Signatory) -> None:
    shown = prepare(world, "grant")
    stranger = replace(world.clerk, employer_id=world.employer_id + 1)
    assert code_of(lambda: confirm(world, shown, signatory, actor=stranger)) == "DOS-019"
    assert code_of(lambda: confirming.show_to_confirm(actor=stranger, at=AT, draft_id=shown.draft_id)) == "DOS-019"


def test_a_colleague_confirms_what_was_prepared_for_them_in_their_own_name(world: World, signatory: confirming.Signatory) -> None:
    shown = prepare(world, "grant")
    colleague = replace(world.clerk, account=OTHER.account, person_id=None)
    receipt = confirm(world, shown, replace(signatory, signer=OTHER), actor=colleague)
    sealed = read_blob(str(get_dossier(receipt.code).proof["confirmation_sha256"]))
    assert verify_confirmation(sealed, keys=world.keys.key_set()).confirmed.signer == OTHER


def test_a_draft_that_waits_for_a_certificate_is_not_confirmed_and_the_other_way_round(
    world: World, signatory: confirming.Signatory
) -> None:
    from bhxh.dossiers import flows

    shown = prepare(world, "grant")
    both = [Draft.objects.get(draft_id=shown.draft_id)]
    assert bytes(both[0].to_sign) == b""
    assert (
        code_of(
            lambda: flows.complete(
                actor=world.clerk, at=AT, draft_id=shown.draft_id, signature=b"x", channel="PORTAL", deps=world.receiving
            )
        )
        == "DOS-019"
    )
    Draft.objects.filter(draft_id=shown.draft_id).update(to_sign=b"x")
    assert code_of(lambda: confirm(world, shown, signatory)) == "DOS-019"


def test_where_the_rule_in_force_wants_a_certificate_none_is_prepared_or_taken(world: World, signatory: confirming.Signatory) -> None:
    assert code_of(lambda: prepare(world, procedure_slug="test_signed", document=xml_document("grant"))) == "DOS-005"
    shown = prepare(world, "grant")
    until = SignatureRule(in_force_from=AT.date() + timedelta(days=1), needs_certificate=True, citation=LAW)
    catalogue.bind((replace(PROCEDURE, signature_rules=(*PROCEDURE.signature_rules, until)),))
    assert code_of(lambda: confirm(world, shown, signatory, at=AT + timedelta(days=1))) == "DOS-005", "the rule of the day it is filed"


def test_xml_is_confirmed_in_the_form_a_certificate_would_sign(world: World, signatory: confirming.Signatory) -> None:
    [signed] = [one for one in catalogue.list_procedures() if one.slug == "test_signed"]
    either = replace(signed, signature_rules=(SignatureRule(in_force_from=date(2025, 7, 1), needs_certificate=False, citation=LAW),))
    catalogue.bind((either,))
    shown = prepare(world, procedure_slug="test_signed", document=b"<?xml version='1.0'?>\n" + xml_document("grant"))
    assert (shown.content, shown.media_type) == (xml_document("grant"), "application/xml")
    receipt = confirm(world, shown, signatory)
    assert get_dossier(receipt.code).canonical_sha256 == shown.sha256
    assert code_of(lambda: world.file(document=xml_document("refuse"), procedure_slug="test_signed", confirmation=None)).startswith("SIG-")


# -- attacks with a seal that holds --------------------------------------------------------------------------------


def test_a_seal_over_other_content_files_nothing(world: World) -> None:
    assert code_of(lambda: world.file("grant", confirmation=world.confirmation(document("refuse")))) == "SIG-073"


@pytest.mark.parametrize(
    "other",
    [
        {"signer": OTHER},
        {"signer": replace(OTHER, account="eid:test:clerk")},
        {"signer": Signer(account="eid:test:other", pin="001188000001", full_name="")},
        {"party": Party(kind=PartyKind.SELF)},
        {"party": Party(kind=PartyKind.PERSON, identifier="001188000001", right="MOTHER")},
        {"party": Party(kind=PartyKind.ORGANISATION, identifier="0309999997")},
        {"act": "file:test_together"},
        {"act": "mandate:grant"},
    ],
    ids=str,
)
def test_a_seal_of_another_person_for_another_party_or_another_act_files_nothing(world: World, other: dict[str, Any]) -> None:
    content = document("grant")
    assert code_of(lambda: world.file("grant", confirmation=world.confirmation(content, **other))) == "DOS-040"
    assert Dossier.objects.count() == 0


def test_an_officers_seal_is_no_clerks(world: World) -> None:
    signer = Signer(account="officer:mot", pin="", full_name="", kind=SignerKind.OFFICER)
    assert code_of(lambda: world.file("grant", confirmation=world.confirmation(document("grant"), signer=signer))) == "DOS-040"


@pytest.mark.parametrize("later", [timedelta(seconds=61), timedelta(days=30), timedelta(seconds=-1)], ids=str)
def test_a_seal_kept_back_is_not_good_later(world: World, later: timedelta) -> None:
    kept = world.confirmation(document("grant"), at=AT - later)
    assert code_of(lambda: world.file("grant", confirmation=kept)) == "DOS-041"


def test_a_seal_of_another_installation_is_refused(world: World, tmp_path: Any) -> None:
    from bhxh.signing.key_files import FileKeys

    foreign = FileKeys(tmp_path / "foreign", "mof").seal_key("confirmation")
    kept = replace(world, receiving=replace(world.receiving, confirmation_key=foreign)).confirmation(document("grant"))
    assert code_of(lambda: world.file("grant", confirmation=kept)) == "SIG-042"
