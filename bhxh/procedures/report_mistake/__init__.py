"""PR-01: a person says that something held about them is wrong. Nothing changes by itself; officers look into it and answer.

Walk down: the sheet below -> `form` (which data, which line, what is wrong) -> `evidence` (nothing is asked) -> `rules` (is the person
here; everything else is for people) -> `effects` (none: what is to be corrected is corrected by the procedure it belongs to).
"""

from datetime import date

from bhxh.dossiers.procedure import FilerKind, Procedure, SignatureRule, Version
from bhxh.kernel.decisions import Citation
from bhxh.procedures.report_mistake import effects, evidence, form, rules

PROCEDURE = Procedure(
    slug="report_mistake",
    code="PR-01",
    title_vi="Báo sai sót trong dữ liệu của mình",
    title_en="Report of a mistake in one's own data",
    law=(
        Citation("Decree 164/2025/ND-CP"),
        Citation("Law on personal data protection: the right to have one's data corrected (article number not confirmed)", is_assumed=True),
    ),
    filer=FilerKind.PERSON,
    signature_rules=(
        SignatureRule(
            in_force_from=date(2025, 7, 1),
            needs_certificate=False,
            citation=Citation("Decree 164/2025/ND-CP: confirmation by the e-identification account (R-022)"),
        ),
    ),
    working_days=10,
    is_list=False,
    decides_clean_lines_at_once=False,
    needs_second_officer=True,
    result_title_vi="Trả lời về sai sót đã báo",
    result_title_en="Answer to a reported mistake",
    versions=(Version(number="1.0", in_force_from=date(2025, 7, 1)),),
    components=evidence.COMPONENTS,
    signature_profile=None,
    read=form.read,
    needs=evidence.needs,
    known=evidence.known,
    judge=rules.judge,
    effects=effects.carry_out,
    compose=form.compose_document,
    describe_line=form.describe_line,
    guide=form.GUIDE,
    questions=form.QUESTIONS,
)
