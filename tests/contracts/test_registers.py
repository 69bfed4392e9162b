"""Population and business register: every way a partner can answer, over real sockets."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

import pytest

from bhxh.connectors.business.client import BusinessClient
from bhxh.connectors.http_client.breaker import Breaker
from bhxh.connectors.http_client.client import Identity, PartnerClient
from bhxh.connectors.population.client import PopulationClient
from bhxh.dossiers.ports import AnswerKind, IdentityQuery
from bhxh.kernel.errors import Nonsense, Rejected, Unavailable
from sandbox.holdings import Holdings
from sandbox.supervisor import Sandbox

ClientTo = Callable[..., PartnerClient]
NOBODY = "079188999999"


def _ask(client: PartnerClient, *pins: str) -> list[AnswerKind]:
    return [answer.kind for answer in PopulationClient(client).look_up([IdentityQuery(pin=pin) for pin in pins])]


def test_a_known_person_is_answered_in_our_words(client_to: ClientTo, holdings: Holdings) -> None:
    person = next(iter(holdings.persons.values()))
    (answer,) = PopulationClient(client_to("population")).look_up([IdentityQuery(pin=person.pin)])
    assert answer.kind is AnswerKind.ANSWERED
    assert answer.content == {
        "pin": person.pin,
        "full_name": person.full_name,
        "birth_on": person.birth_on,
        "sex": person.sex,
        "residence": person.residence,
        "is_deceased": person.is_deceased,
    }
    assert answer.record_id == person.record_id
    assert len(answer.content_sha256) == 64


def test_nobody_is_not_found_and_keeps_the_order(client_to: ClientTo, holdings: Holdings) -> None:
    pins = [next(iter(holdings.persons)), NOBODY, list(holdings.persons)[1]]
    answers = PopulationClient(client_to("population")).look_up([IdentityQuery(pin=pin) for pin in pins])
    assert [answer.subject for answer in answers] == pins
    assert [answer.kind for answer in answers] == [AnswerKind.ANSWERED, AnswerKind.NOT_FOUND, AnswerKind.ANSWERED]


def test_more_than_a_batch_is_asked_in_batches(client_to: ClientTo, holdings: Holdings) -> None:
    pins = list(holdings.persons)[:501]
    assert len(pins) == 501
    answers = PopulationClient(client_to("population")).look_up([IdentityQuery(pin=pin) for pin in pins])
    assert [answer.subject for answer in answers] == pins
    assert len({answer.content_sha256 for answer in answers}) == 2


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("down", AnswerKind.UNAVAILABLE),
        ("error", AnswerKind.UNAVAILABLE),
        ("refuse", AnswerKind.REFUSED),
        ("nonsense", AnswerKind.NONSENSE),
        ("endless", AnswerKind.NONSENSE),
    ],
)
def test_bad_days_are_named(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings, mode: str, kind: AnswerKind) -> None:
    for partner in ("population", "business"):
        sandbox.set_fault(partner, mode)
    pin, tax_code = next(iter(holdings.persons)), next(iter(holdings.companies))
    assert _ask(client_to("population"), pin, NOBODY) == [kind, kind]
    assert BusinessClient(client_to("business")).look_up(tax_code).kind is kind


def test_a_slow_partner_costs_the_budget_and_no_more(sandbox: Sandbox, client_to: ClientTo) -> None:
    sandbox.set_fault("population", "slow", seconds=3)
    began = time.monotonic()
    assert _ask(client_to("population", timeout_s=0.5), NOBODY) == [AnswerKind.UNAVAILABLE]
    assert time.monotonic() - began < 1.5


def test_a_hiccup_is_cured_by_a_retry(sandbox: Sandbox, client_to: ClientTo) -> None:
    sandbox.set_fault("population", "down", count=2)
    assert _ask(client_to("population"), NOBODY) == [AnswerKind.NOT_FOUND]


def test_three_hiccups_are_an_outage(sandbox: Sandbox, client_to: ClientTo) -> None:
    sandbox.set_fault("population", "error", count=3)
    assert _ask(client_to("population"), NOBODY) == [AnswerKind.UNAVAILABLE]


def test_a_stopped_partner_is_unavailable_and_comes_back(sandbox: Sandbox, client_to: ClientTo) -> None:
    client = client_to("population")
    sandbox.stop_one("population")
    try:
        assert _ask(client, NOBODY) == [AnswerKind.UNAVAILABLE]
    finally:
        sandbox.start_one("population")
    assert _ask(client, NOBODY) == [AnswerKind.NOT_FOUND]


def test_a_key_nobody_published_is_refused(client_to: ClientTo, other_key: Any) -> None:
    stranger = Identity(client_id="bhxh-mof", key=other_key)
    assert _ask(client_to("population", identity=stranger), NOBODY) == [AnswerKind.REFUSED]
    assert BusinessClient(client_to("business", identity=stranger)).look_up("0101234567").kind is AnswerKind.REFUSED


def test_an_assertion_for_one_partner_is_worthless_at_another(sandbox: Sandbox, client_to: ClientTo) -> None:
    with pytest.raises(Rejected):
        client_to("business", base_url=sandbox.url("population")).post_json("/lookup", {"danhSach": [{"soDinhDanh": NOBODY}]})


def test_the_breaker_opens_after_five_failures_and_closes_again(sandbox: Sandbox, client_to: ClientTo) -> None:
    now = [100.0]
    client = client_to("population", breaker=Breaker(monotonic=lambda: now[0]))
    sandbox.set_fault("population", "down")
    codes = []
    for _ in range(6):
        with pytest.raises(Unavailable) as caught:
            client.post_json("/lookup", {})
        codes.append(caught.value.code)
    assert codes == ["CON-001"] * 5 + ["CON-004"]
    sandbox.set_fault("population", "ok")
    with pytest.raises(Unavailable):
        client.post_json("/lookup", {"danhSach": [{"soDinhDanh": NOBODY}]})
    now[0] += 10.0
    assert client.post_json("/lookup", {"danhSach": [{"soDinhDanh": NOBODY}]}).status == 200


def test_errors_carry_no_address_and_no_content(sandbox: Sandbox, client_to: ClientTo) -> None:
    sandbox.set_fault("population", "down")
    with pytest.raises(Unavailable) as caught:
        client_to("population").post_json("/lookup", {"danhSach": [{"soDinhDanh": NOBODY}]})
    assert caught.value.parameters == {"partner": "population", "reason": "connection"}
    assert caught.value.__suppress_context__


def test_a_known_employer_is_answered_in_our_words(client_to: ClientTo, holdings: Holdings) -> None:
    company = next(iter(holdings.companies.values()))
    answer = BusinessClient(client_to("business")).look_up(company.tax_code)
    assert answer.kind is AnswerKind.ANSWERED
    assert answer.content["name"] == company.name
    assert answer.content["status"] == "ACTIVE"
    assert answer.content["legal_representative_pin"] == company.legal_representative_pin


def test_an_unknown_employer_is_not_found(client_to: ClientTo) -> None:
    assert BusinessClient(client_to("business")).look_up("9999999999").kind is AnswerKind.NOT_FOUND


def test_a_gateways_404_is_not_an_unknown_employer(client_to: ClientTo, sandbox: Sandbox) -> None:
    elsewhere = client_to("business", base_url=sandbox.url("business") + "/old")
    assert BusinessClient(elsewhere).look_up("9999999999").kind is AnswerKind.NONSENSE


def test_the_digest_is_that_of_the_raw_answer(client_to: ClientTo) -> None:
    reply = client_to("population").call("GET", "/health")
    assert reply.digest == hashlib.sha256(b'{"partner": "population"}').hexdigest()


def test_nonsense_is_not_json(sandbox: Sandbox, client_to: ClientTo) -> None:
    sandbox.set_fault("business", "nonsense")
    with pytest.raises(Nonsense):
        client_to("business").post_json("/lookup", {}).json("business")
