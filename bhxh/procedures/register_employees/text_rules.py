"""What is said of text typed with old fonts, and of place codes of before July 2025. Pure: clauses of `rules`."""

from collections.abc import Iterator

from bhxh.kernel.decisions import Citation, Finding, Outcome
from bhxh.procedures.register_employees import text_errors
from bhxh.procedures.register_employees.columns import BY_FIELD
from bhxh.procedures.register_employees.line_case import LineCase, finding, not_met
from bhxh.procedures.register_employees.places import find_old_places

UNICODE = Citation("Decree 164/2025/ND-CP: electronic documents are in Unicode (TCVN 6909)", is_assumed=True)
UNITS = Citation(
    "Reorganisation of provinces and communes from 1 July 2025; reference data of the National Insurance Database", is_assumed=True
)
_PLACES_EN = {"PROVINCE": "Province code", "WARD": "Commune code"}


def check_old_texts(c: LineCase) -> Iterator[Finding]:
    """Text typed with a font of before Unicode is used as it reads once the clerk confirmed the line, never silently.

    Law: encoding of electronic documents (assumed).
    """
    for old in c.old_texts:
        label = BY_FIELD[old.field].label_vi
        encoding, encoding_en = " hoặc ".join(old.encodings), " or ".join(old.encodings)
        shown = {"label": label, "label_en": f"“{label}”", "encoding": encoding, "encoding_en": encoding_en, "written": old.written}
        if not old.proposed:
            yield not_met(text_errors.OLD_FONT_UNCERTAIN, UNICODE, old.field, **shown)
        elif c.filed.number in c.case.confirmed_repairs:
            yield finding(text_errors.OLD_FONT_CONFIRMED, Outcome.MET, UNICODE, old.field, proposed=old.proposed, **shown)
        else:
            yield not_met(text_errors.OLD_FONT, UNICODE, old.field, proposed=old.proposed, **shown)


def check_places(c: LineCase) -> Iterator[Finding]:
    """A place code of before July 2025 is mapped where one unit took the old one over whole; otherwise it is asked.

    Law: Resolutions on the reorganisation of July 2025 (assumed citation); mapping of the reference data.
    """
    if not c.case.reference:
        return
    for old in find_old_places(c.line, c.case.reference):
        label, label_en = BY_FIELD[old.place.field].label_vi, _PLACES_EN[old.place.level]
        shown = {"label": label, "label_en": label_en, "code": old.code}
        if not old.moved_to:
            yield finding(text_errors.PLACE_UNKNOWN, Outcome.WARNING, UNITS, old.place.field, **shown)
        elif old.is_cut_up:
            candidates = ", ".join(f"{code} {name}".strip() for code, name in old.moved_to)
            yield finding(
                text_errors.PLACE_CUT_UP, Outcome.UNCLEAR, UNITS, old.place.field, old_name=old.old_name, candidates=candidates, **shown
            )
        else:
            [(new_code, new_name)] = old.moved_to
            moved = {"old_name": old.old_name, "new_code": new_code, "new_name": new_name}
            yield finding(text_errors.PLACE_CODE_MAPPED, Outcome.COMPUTED, UNITS, old.place.field, **moved, **shown)
