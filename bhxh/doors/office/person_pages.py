"""Looking a person up: by number, for a dossier or a stated purpose, and only what was asked for. The person sees who, when, what and why."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict

from bhxh.access.officer_errors import ACC_NO_REASON, ACC_NOT_IN_DOSSIER, ACC_OWN_CASE
from bhxh.access.reading_purposes import READING_PURPOSES, ReadingPurpose
from bhxh.access.roles import OfficerFacts
from bhxh.doors.admission import lets_in
from bhxh.doors.office.field_words import field_words, value_words
from bhxh.doors.office.officer_page import PERSONS, officers_frame, officers_page, said
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.errors import DOS_NO_DOSSIER
from bhxh.dossiers.person_readings import READABLE, READERS, PersonRead, read_person
from bhxh.kernel.clock import now
from bhxh.kernel.data_groups import GROUP_WORDS, DataGroup
from bhxh.kernel.errors import NotAllowed, Refusal
from bhxh.kernel.text import tidy
from bhxh.web.languages import in_words, is_switch
from bhxh.web.pages import page

_SCHEMES: Final = {
    "PIN": ("Số định danh", "Personal number"),
    "SI": ("Mã số bảo hiểm xã hội", "Social insurance code"),
    "HI": ("Mã thẻ bảo hiểm y tế", "Health card code"),
}
_FIELDS: Final = {DOS_NO_DOSSIER: "ho-so", ACC_NOT_IN_DOSSIER: "ho-so", ACC_OWN_CASE: "so", ACC_NO_REASON: "muc-dich"}
"""At which field of the form a refusal stands; any other is about the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form says."""

    number: str = ""
    groups: tuple[str, ...] = (DataGroup.BASIC.value,)
    dossier: str = ""
    purpose: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One group of what was read."""

    title: str
    rows: tuple[tuple[str, str], ...]


@officers_page("GET", "POST")
@lets_in(READERS)
def look_up(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """A form, and below it what was read. By POST, so that no number stands in an address."""
    actor, officer = signed_in.officer(ReadingPurpose.DOSSIER.value)
    asked = _asked(request.POST) if request.method == "POST" else Asked(dossier=request.GET.get("ho-so", "")[:60])
    parts: list[Part] = []
    errors: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST" and not is_switch(request):
        errors = _missing(asked)
        status = 422 if errors else 200
    if request.method == "POST" and not is_switch(request) and not errors:
        try:
            found = read_person(
                actor=actor,
                at=now(),
                officer=officer,
                number=asked.number,
                groups=[DataGroup(group) for group in asked.groups],
                dossier_code=asked.dossier,
                purpose=asked.purpose,
                words=asked.words,
            )
            parts = _parts(found, asked.groups)
        except Refusal as refused:
            if isinstance(refused, NotAllowed) and refused.sentence not in _FIELDS:
                raise
            field = "loi" if refused.sentence is ACC_NO_REASON and refused.where == "words" else _FIELDS.get(refused.sentence, "so")
            errors, status = [(field, said(refused))], refused.status
    context = {
        "asked": asked,
        "parts": parts,
        "purposes": _purposes(officer, asked),
        "groups": [{"value": one.value, "words": in_words(GROUP_WORDS[one]), "is_chosen": one.value in asked.groups} for one in READABLE],
        "errors": errors,
        "error": dict(errors),
        "here": PERSONS,
    }
    title = in_words(("Tra cứu một người", "Look a person up"))
    frame = officers_frame(request, signed_in, PERSONS, officer)
    return page(request, "office/person.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=True)


def _asked(posted: QueryDict) -> Asked:
    known = {group.value for group in READABLE}
    return Asked(
        number=tidy(posted.get("so", "")[:40]),
        groups=tuple(group for group in posted.getlist("nhom") if group in known),
        dossier=tidy(posted.get("ho-so", "")[:60]).upper(),
        purpose=posted.get("muc-dich", "")[:40],
        words=tidy(posted.get("loi", "")[:1000]),
    )


def _missing(asked: Asked) -> list[tuple[str, str]]:
    errors = []
    if not asked.number:
        errors.append(("so", in_words(("Nhập số định danh hoặc mã số của người cần tra cứu", "Enter a number of the person"))))
    if not asked.groups:
        errors.append(("nhom", in_words(("Chọn ít nhất một nhóm dữ liệu, ít nhất có thể", "Choose at least one group, as few as will do"))))
    return errors


def _purposes(officer: OfficerFacts, asked: Asked) -> list[dict[str, object]]:
    """What this officer's roles may state, besides a dossier."""
    return [
        {"value": purpose.value, "words": _sentence(in_words((facts.vi, facts.en))), "is_chosen": purpose.value == asked.purpose}
        for purpose, facts in READING_PURPOSES.items()
        if purpose is not ReadingPurpose.DOSSIER and facts.roles & officer.roles
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _parts(read: PersonRead, groups: tuple[str, ...]) -> list[Part]:
    """Only what was asked for: the person's name stands here only where basic data were."""
    person, parts = read.person, []
    if DataGroup.BASIC.value in groups:
        parts.append(Part(title=in_words(GROUP_WORDS[DataGroup.BASIC]), rows=basic_rows(read)))
    if DataGroup.CONTACT.value in groups:
        parts.append(Part(title=in_words(GROUP_WORDS[DataGroup.CONTACT]), rows=((field_words("email"), person.email or "–"),)))
    if read.participations is not None:
        rows_of_work = tuple(
            (employer.name, f"{row.from_month.shown} – {row.until_month.shown if row.until_month else '…'}")
            for row, employer in read.participations
        )
        parts.append(Part(title=in_words(GROUP_WORDS[DataGroup.EMPLOYER]), rows=rows_of_work))
    if read.sums is not None:
        months = [
            (("Bảo hiểm xã hội", "Social insurance"), read.sums.si_months),
            (("Bảo hiểm thất nghiệp", "Unemployment insurance"), read.sums.ui_months),
            (("Bảo hiểm y tế", "Health insurance"), read.sums.hi_months),
        ]
        sums = tuple((in_words(name), in_words((f"{count} tháng", f"{count} months"))) for name, count in months)
        parts.append(Part(title=in_words(GROUP_WORDS[DataGroup.SOCIAL_INSURANCE]), rows=sums))
    return parts


def basic_rows(read: PersonRead) -> tuple[tuple[str, str], ...]:
    """Who it is, and by which numbers they are known."""
    person = read.person
    born = person.birth_on.isoformat() if person.birth_on else ""
    numbers = [(in_words(_SCHEMES.get(scheme, (scheme, scheme))), value) for scheme, value in read.identifiers]
    known = [("full_name", person.full_name), ("birth_on", born), ("sex", person.sex), ("nationality", person.nationality)]
    return (*((field_words(name), value_words(value) or "–") for name, value in known), *numbers)
