"""How the population register's values compare with what is held: what may be taken over at once, and what people look at first. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bhxh.dossiers.ports import Answer, AnswerKind
from bhxh.kernel.canonical import Json
from bhxh.kernel.text import search_form

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "full_name": ("họ tên", "full name"),
    "birth_on": ("ngày sinh", "birth date"),
    "sex": ("giới tính", "sex"),
}
_DIGITS: Final = {"YEAR": 4, "MONTH": 7, "DAY": 10}
_PRECISION: Final = {length: name for name, length in _DIGITS.items()}
_CENTURIES: Final = ("19", "20", "21", "22", "23")


@dataclass(frozen=True, slots=True)
class Held:
    """Who somebody is, as recorded. `birth_on` only as exactly as it is known: YYYY, YYYY-MM or YYYY-MM-DD."""

    full_name: str
    birth_on: str
    sex: str

    @classmethod
    def of(cls, *, full_name: str, birth_on: str, birth_precision: str, sex: str) -> "Held":
        """From the registry's values."""
        return cls(full_name, birth_on[: _DIGITS.get(birth_precision, 10)], sex)


def find_said(answer: Answer | None) -> Held | None:
    """What the register says, None where it says nothing whole."""
    if answer is None or answer.kind is not AnswerKind.ANSWERED:
        return None
    said = {name: str(answer.content.get(name, "")) for name in FIELDS}
    return Held(**said) if all(said.values()) else None


def list_differing(held: Held, said: Held) -> tuple[str, ...]:
    """The fields that would change. A birth date that we know more exactly than the register does not."""
    return tuple(name for name in FIELDS if getattr(held, name) != getattr(said, name) and not _is_kept(name, held, said))


def is_clean(held: Held, said: Held) -> bool:
    """Whether the differences may be taken over without anybody looking (assumed, ours).

    A name may be written otherwise as long as family or given name stays; a birth date may become more exact. Another birth date or sex, and
    a name with nothing left of the old one, may be another person, and entitlements depend on them.
    """
    for name in list_differing(held, said):
        if name == "full_name" and not _is_kin(held.full_name, said.full_name):
            return False
        if name == "birth_on" and not said.birth_on.startswith(held.birth_on):
            return False
        if name == "sex":
            return False
    return True


def facts_of(held: Held, said: Held) -> Mapping[str, Json]:
    """What is to be recorded, by the registry's names; empty where nothing differs."""
    differing = list_differing(held, said)
    facts: dict[str, Json] = {name: getattr(said, name) for name in differing if name != "birth_on"}
    if "birth_on" in differing:
        year, month, day = (*said.birth_on.split("-"), "1", "1")[:3]
        facts["birth_on"] = date(int(year), int(month), int(day)).isoformat()
        facts["birth_precision"] = _PRECISION[len(said.birth_on)]
    return facts


def agrees_with_number(pin: str, said: Held) -> bool:
    """Whether century, sex and year in the number are those of the register. Source: decree-164 sections 4.1 and 7.1 (a warning only)."""
    century, is_female = divmod(int(pin[3]), 2)
    of_sex = said.sex == "UNDETERMINED" or (said.sex == "FEMALE") is bool(is_female)
    return of_sex and said.birth_on[:4] == f"{_CENTURIES[century]}{pin[4:6]}"


def _is_kept(name: str, held: Held, said: Held) -> bool:
    return name == "birth_on" and held.birth_on.startswith(said.birth_on)


def _is_kin(first: str, second: str) -> bool:
    old, new = search_form(first).split(), search_form(second).split()
    return bool(old) and bool(new) and (old[0] == new[0] or old[-1] == new[-1])
