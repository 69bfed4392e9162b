"""The fields of the catalogue from the rooms that know them. What was not asked for is never read out of what was."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from bhxh.kernel.canonical import Json
from bhxh.kernel.months import Month
from bhxh.law.figures import Fund
from bhxh.ledger.queries import OpenMonth, Totals, list_open_months, totals
from bhxh.registry.facts import ParticipationStatus
from bhxh.registry.home_facts import ContactFacts, HouseholdFacts, find_household, get_contact
from bhxh.registry.queries import BookFacts, Participation, get_book_facts, list_employers, list_participations

_FIRST_MONTH: Final = Month(1930, 1)
_SOCIAL: Final = frozenset({Fund.RETIREMENT, Fund.SICKNESS, Fund.ACCIDENT})


def gather(person_id: int, fields: Collection[str], *, on: date, known_at: datetime) -> dict[str, Json]:
    """These fields of a person kept here, and nothing else; None where nothing is known.

    Shape:   `on` is the day that fields about a day speak of. Only tables that a field needs are read.
    Raises:  NotFound REG-001, REG-002.
    """
    known = Known(person_id, on, known_at)
    return {name: GATHERERS[name](known) for name in fields}


@dataclass(frozen=True)
class Known:
    """What is known of one person, each part read when a field first needs it."""

    person_id: int
    on: date
    known_at: datetime

    @cached_property
    def book(self) -> BookFacts:
        """Identity, benefits, health cards, kept months, as known then."""
        return get_book_facts([self.person_id], self.on, self.known_at)[self.person_id]

    @cached_property
    def contact(self) -> ContactFacts:
        """How to reach them."""
        return get_contact(self.person_id)

    @cached_property
    def household(self) -> HouseholdFacts | None:
        """Where they live with others."""
        return find_household(self.person_id, self.on)

    @cached_property
    def totals(self) -> Totals:
        """Months by fund."""
        return totals(self.person_id, self.known_at)

    @cached_property
    def months(self) -> tuple[OpenMonth, ...]:
        """Counted months in effect, in order."""
        return list_open_months([self.person_id], _FIRST_MONTH)[self.person_id]

    @cached_property
    def at_work(self) -> tuple[Participation, ...]:
        """What holds in the month of the day, by employer."""
        return list_participations([self.person_id], Month.of(self.on)).get(self.person_id, ())

    @cached_property
    def units(self) -> Mapping[int, tuple[str, str]]:
        """(name, tax code) of every employer there is a counted month or a participation of."""
        ids = {month.employer_id for month in self.months} | {one.employer_id for one in self.at_work}
        return {employer_id: (found.name, found.tax_code) for employer_id, found in list_employers(sorted(ids)).items()}


def _fact(name: str) -> Callable[[Known], Json]:
    return lambda known: known.book.person[name] or None


def _address(ward: str, street: str) -> Json:
    return {"ward": ward, "street": street} if ward or street else None


def _is_insured(known: Known) -> Json:
    """LAW: a month of leave is insured where it is counted (maternity; Law 41/2024/QH15, Art. 33). Months are whole: so is the answer."""
    counted = {(month.month, month.employer_id) for month in known.months} if known.at_work else set()
    month = Month.of(known.on)
    return any(
        not one.left_funds >= _SOCIAL if one.status == ParticipationStatus.WORKING else (month, one.employer_id) in counted
        for one in known.at_work
    )


def _is_covered(known: Known) -> Json:
    return any(_holds(card, known.on.isoformat()) for card in known.book.health_cover)


def _holds(card: Mapping[str, Json], on: str) -> bool:
    until = card["valid_until"]
    return card["state"] == "VALID" and str(card["valid_from"]) <= on and (until is None or on <= str(until))


def _card(known: Known) -> Json:
    """The latest card."""
    shown = ("card_code", "participant_type", "benefit_level", "facility_code", "valid_from", "valid_until", "five_year_on", "state")
    return {name: known.book.health_cover[-1][name] for name in shown} if known.book.health_cover else None


def _runs(known: Known, key: Callable[[OpenMonth], tuple[Json, ...]], names: tuple[str, ...]) -> Json:
    """Spans of consecutive months that agree in `key`: from, until (exclusive), number of months, and what they agree in."""
    spans: dict[tuple[Json, ...], list[list[Month]]] = {}
    for one in known.months:
        held = spans.setdefault(key(one), [])
        if held and held[-1][1] == one.month:
            held[-1][1] = one.month.plus(1)
        elif not held or held[-1][1] < one.month:  # else the same month again, at another employer or in another line
            held.append([one.month, one.month.plus(1)])
    found: list[dict[str, Json]] = [
        {"from_month": str(first), "until_month": str(end), "months": first.until(end), **dict(zip(names, values, strict=True))}
        for values, held in spans.items()
        for first, end in held
    ]
    return sorted(found, key=lambda span: (str(span["from_month"]), str(span["until_month"])))


def _history(known: Known) -> Json:
    return _runs(known, lambda one: known.units.get(one.employer_id, ("", "")), ("name", "tax_code"))


def _present(known: Known) -> Json:
    found = sorted({known.units.get(one.employer_id, ("", "")) for one in known.at_work})
    return [{"name": name, "tax_code": tax_code} for name, tax_code in found]


GATHERERS: Final[dict[str, Callable[[Known], Json]]] = {
    "basic.full_name": _fact("full_name"),
    "basic.birth_date": _fact("birth_on"),
    "basic.sex": _fact("sex"),
    "basic.nationality": _fact("nationality"),
    "basic.personal_number": _fact("pin"),
    "contact.email": lambda known: known.contact.email or None,
    "contact.mobile_phone": lambda known: known.contact.mobile_phone or None,
    "contact.address": lambda known: _address(known.contact.ward, known.contact.street),
    "household.address": lambda known: _address(known.household.ward, known.household.street) if known.household else None,
    "household.relation": lambda known: known.household.relation if known.household else None,
    "social_insurance.insured_on_day": _is_insured,
    "social_insurance.months_total": lambda known: known.totals.si_months,
    "social_insurance.periods": lambda known: _runs(known, lambda one: (), ()),
    "social_insurance.contribution_bases": lambda known: _runs(known, lambda one: (int(one.base_vnd),), ("base_vnd",)),
    "social_insurance.benefits": lambda known: [dict(event) for event in known.book.benefits],
    "health_insurance.covered_on_day": _is_covered,
    "health_insurance.card": _card,
    "unemployment_insurance.months_total": lambda known: known.totals.ui_months,
    "unemployment_insurance.months_preserved": lambda known: known.book.unemployment_cover.get("preserved_months"),
    "employer.present": _present,
    "employer.history": _history,
}
"""One for each field of `access.data_catalogue`; a test holds the two together."""
