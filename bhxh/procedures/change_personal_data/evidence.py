"""Whom we ask besides, and what we know ourselves: nobody types what a register holds.

Law: decree-164 R-041 to R-048 (reuse): identity comes from the population register; what it does not hold is the person's to say.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from bhxh.dossiers.procedure import Component, Filing, Need, Subject
from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Citation
from bhxh.procedures.change_personal_data.form import list_wishes
from bhxh.registry.present_cover import list_present_cover
from bhxh.registry.reference import find_unit, has_facility

POPULATION = "population"
REUSE = Citation("Decree 164/2025/ND-CP: reuse of digitised data (article number not confirmed)", is_assumed=True)

COMPONENTS: tuple[Component, ...] = (
    Component(code="form", title_vi="Đề nghị thay đổi thông tin (TK1-TS)", title_en="Request for a change (TK1-TS)", is_mandatory=True),
    Component(
        code="CCCD",
        title_vi="Căn cước hoặc giấy tờ hộ tịch chứng minh thay đổi",
        title_en="Identity or civil status paper that shows the change",
        is_mandatory=True,
        made_unnecessary_by=(POPULATION,),
    ),
)


def needs(filing: Filing, subjects: Mapping[str, Subject]) -> tuple[Need, ...]:
    """The population register, where its values shall be taken over."""
    return tuple(Need(register=POPULATION, subject=line.pin, why=REUSE) for line in filing.lines if "identity" in list_wishes(line.content))


def known(filing: Filing, subjects: Sequence[Subject]) -> Mapping[str, Mapping[str, Json]]:
    """Whether the person has a card in force, and whether a benefit is being paid: two statements."""
    cover = list_present_cover({subject.person_id for subject in subjects}, on=date.fromisoformat(str(filing.content["asked_on"])))
    return {
        subject.pin: {"has_card": bool(cover[subject.person_id].cards), "is_being_paid": cover[subject.person_id].is_being_paid}
        for subject in subjects
    }


def refer(filing: Filing, on: date) -> Mapping[str, Json]:
    """What the codes that were written mean on the day: the commune's name, whether the facility is listed."""
    ward, facility = str(filing.content.get("ward", "")), str(filing.content.get("facility", ""))
    unit = find_unit("WARD", ward, on) if ward else None
    return {
        **({"ward": unit.name if unit else ""} if ward else {}),
        **({"has_facility": has_facility(facility)} if facility else {}),
    }
