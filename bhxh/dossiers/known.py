"""What most procedures need not ask of a person: who they are, as the registers say, with whence and when."""

from datetime import date

from bhxh.dossiers.components import SOURCES
from bhxh.dossiers.questions import Known
from bhxh.kernel.data_groups import DataGroup
from bhxh.registry.fact_sources import list_fact_sources
from bhxh.registry.queries import get_person

_LABELS = {
    "full_name": ("Họ và tên", "Full name"),
    "birth_on": ("Ngày sinh", "Date of birth"),
    "pin": ("Số định danh", "Personal number"),
}
_HERE = "registry"
_GROUP = 3


def known_person(person_id: int, on: date) -> tuple[Known, ...]:
    """Name, day of birth and number of a person, as they stand on a day. Two statements."""
    person = get_person(person_id)
    sources = list_fact_sources(person_id, _LABELS, on=on)
    shown = {
        "full_name": person.full_name,
        "birth_on": _birth(person.birth_on, person.birth_precision),
        "pin": " ".join(person.pin[start : start + _GROUP] for start in range(0, len(person.pin), _GROUP)),
    }
    return tuple(
        Known(
            label=_LABELS[name],
            value=(value, value),
            source=known_source(sources[name].source_system if name in sources else _HERE),
            at=sources[name].at if name in sources else None,
            group=DataGroup.BASIC,
            about=_LABELS[name][0],
        )
        for name, value in shown.items()
        if value
    )


def known_source(system: str) -> str:
    """Under which name people know a source: a connected register, or this very database for whatever was filed or moved here."""
    return system if system in SOURCES and system != "submitter" else _HERE


def _birth(on: date | None, precision: str) -> str:
    """As far as it is known: old people's days and months may not be."""
    patterns = {"YEAR": "%Y", "MONTH": "%m/%Y"}
    return on.strftime(patterns.get(precision, "%d/%m/%Y")) if on else ""
