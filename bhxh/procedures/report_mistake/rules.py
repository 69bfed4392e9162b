"""One question for the rules: is there such a person here. Whether something is wrong, people find out. Pure."""

from collections.abc import Mapping

from bhxh.dossiers.procedure import Case, FilingLine
from bhxh.kernel.data_groups import GROUP_WORDS, DataGroup
from bhxh.kernel.decisions import Citation, Decision, Finding, Outcome, propose
from bhxh.procedures.report_mistake.errors import RPM_NO_PERSON, RPM_REPORTED

_CORRECTION = Citation("Law on personal data protection: correction of one's data (article number not confirmed)", is_assumed=True)


def judge(case: Case) -> Mapping[int, Decision]:
    """To officers, always, where the person is here.

    Law:  the right to have one's data corrected (assumed); a person of another custodian is refused by the engine.
    """
    return {line.number: propose([_report(case, line)]) for line in case.filing.lines}


def _report(case: Case, line: FilingLine) -> Finding:
    """Law: R-172 (a mismatch opens a correction task and blocks no right)."""
    if line.pin not in case.subjects:
        return Finding(RPM_NO_PERSON, Outcome.NOT_MET, _CORRECTION, where="pin")
    said = {name: str(line.content.get(name, "")) for name in ("about", "words", "right")}
    vi, en = GROUP_WORDS[DataGroup(str(line.content["group"]))]
    return Finding(
        RPM_REPORTED,
        Outcome.UNCLEAR,
        _CORRECTION,
        where=said["about"] or str(line.content["group"]),
        parameters={
            "group_vi": vi,
            "group_en": en,
            "about_vi": f" ({said['about']})" if said["about"] else "",
            "about_en": f" ({said['about']})" if said["about"] else "",
            "words": said["words"],
            "right_vi": f"; theo người báo, đúng là “{said['right']}”" if said["right"] else "",
            "right_en": f"; what would be right: “{said['right']}”" if said["right"] else "",
        },
    )
