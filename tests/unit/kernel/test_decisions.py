"""What rules found, and the plain reading of it."""

from itertools import product

import pytest

from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.decisions import Citation, Finding, Outcome, Proposal, propose
from bhxh.kernel.errors import Sentence

SENTENCE = Sentence("TST-010", "Lương {wage} dưới sàn.", "Wage {wage} is below the floor.")
LAW = Citation("Law 41/2024/QH15, Art. 31")


def finding(outcome: Outcome) -> Finding:
    return Finding(SENTENCE, outcome, LAW, where="E12", parameters={"wage": 1_000})


@pytest.mark.parametrize("outcomes", [(), *product(Outcome, repeat=1), *product(Outcome, repeat=2), *product(Outcome, repeat=3)])
def test_a_no_refuses_and_what_is_unclear_goes_to_an_officer(outcomes: tuple[Outcome, ...]) -> None:
    expected = Proposal.REFUSE if Outcome.NOT_MET in outcomes else Proposal.OFFICER if Outcome.UNCLEAR in outcomes else Proposal.GRANT
    decision = propose(finding(outcome) for outcome in outcomes)
    assert decision.proposal is expected
    assert [found.outcome for found in decision.findings] == list(outcomes), "findings are kept in order"


def test_a_finding_reads_in_both_languages_and_can_be_signed() -> None:
    found = finding(Outcome.NOT_MET)
    assert (found.code, found.text(), found.text("en")) == ("TST-010", "Lương 1000 dưới sàn.", "Wage 1000 is below the floor.")
    assert found.as_json() == {
        "code": "TST-010",
        "outcome": "not_met",
        "citation": "Law 41/2024/QH15, Art. 31",
        "where": "E12",
        "parameters": {"wage": 1_000},
        "vi": "Lương 1000 dưới sàn.",
        "en": "Wage 1000 is below the floor.",
    }
    assert canonical_bytes(found.as_json())


def test_an_assumed_source_says_so() -> None:
    assert str(LAW) == "Law 41/2024/QH15, Art. 31"
    assert str(Citation("R-081", is_assumed=True)) == "R-081 (assumed)"
