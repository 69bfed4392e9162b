"""`bhxh decide`: the queue, and what two officers do with waiting lines."""

import argparse
from typing import Any

from bhxh.access.permissions import check_appraise, check_approve, check_decide
from bhxh.audit.commands import record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import acting, officer_of, operator
from bhxh.doors.partners import partners
from bhxh.dossiers import flows
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.line_commands import appraise
from bhxh.dossiers.policies import DECIDING_OFFICERS
from bhxh.dossiers.queries import get_dossier, list_all_lines, list_appraisals, list_queue, list_unproven_signatures
from bhxh.dossiers.signature_commands import refuse_signature
from bhxh.dossiers.states import LineState
from bhxh.kernel.clock import now
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.who import SYSTEM


@lets_in(SYSTEM | DECIDING_OFFICERS)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Without a code the queue; with one the waiting lines; with --grant, --refuse, --approve or --refuse-signature an act."""
    if options.signatures:
        waiting = [{"code": view.code, "submitted_at": view.submitted_at.isoformat()} for view in list_unproven_signatures()]
        text = "\n".join(f"{row['submitted_at']}  {row['code']}" for row in waiting)
        return {"signatures": waiting, "text": text or "(trống · empty)"}
    if not options.code:
        queue = [_row(view) for view in list_queue()]
        return {
            "queue": queue,
            "text": "\n".join(f"{r['due_on']}  {r['code']}  {r['lines_officer']} dòng" for r in queue) or "(trống · empty)",
        }
    dossier = get_dossier(options.code)
    if options.officer:
        return _act(options, dossier)
    lines = list_all_lines(dossier.dossier_id, LineState.OFFICER)
    record_looks(
        actor=operator(),
        at=now(),
        person_ids=sorted({line.person_id for line in lines if line.person_id is not None}),
        what="dossier_line",
        dossier_id=dossier.dossier_id,
    )
    rows = [{"number": line.number, "findings": [dict(finding) for finding in line.findings]} for line in lines]
    text = "\n".join(f"{line.number}: " + "; ".join(str(finding["vi"]) for finding in line.findings) for line in lines)
    return {**_row(dossier), "lines": rows, "text": text or "(không có dòng chờ · nothing waits)"}


def _act(options: argparse.Namespace, dossier: DossierView) -> dict[str, Any]:
    officer = officer_of(options.officer)
    actor = acting(officer)
    if options.refuse_signature:
        check_decide(actor, procedure=dossier.procedure_slug, officer=officer)
        refuse_signature(
            actor=actor,
            at=now(),
            dossier_id=dossier.dossier_id,
            row_version=dossier.row_version,
            reason=options.reason,
            sender=partners().sender,
        )
        return {"code": dossier.code, "state": get_dossier(dossier.code).state.value}
    lines = [int(part) for part in options.lines.split(",") if part.strip().isdecimal()]
    if options.approve:
        proposed = [appraisal.officer for appraisal in list_appraisals(dossier.dossier_id)]
        others = next((account for account in proposed if account != actor.account), actor.account)
        check_approve(actor, procedure=dossier.procedure_slug, appraised_by=others, officer=officer)
        decided = flows.approve(
            actor=actor, at=now(), dossier_id=dossier.dossier_id, line_numbers=lines or None, deps=partners().gathering()
        )
        return {"decided": decided}
    check_appraise(actor, procedure=dossier.procedure_slug, officer=officer)
    number = appraise(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
        line_numbers=lines or [line.number for line in list_all_lines(dossier.dossier_id, LineState.OFFICER)],
        proposal=Proposal.REFUSE if options.refuse else Proposal.GRANT,
        reason=options.reason,
    )
    return {"appraisal": number}


def _row(view: DossierView) -> dict[str, Any]:
    return {"code": view.code, "state": view.state.value, "due_on": view.due_on, "lines_officer": view.lines.get(LineState.OFFICER, 0)}
