"""SI-06: a person changes their data in the National Insurance Database. Who they are is taken over from the population register, never typed.

Walk down: the sheet below -> `form` (take over what the register says; new contact, bank account, health facility) -> `evidence` (who is
asked, what is known) -> `identity` (how the register's values compare with ours) -> `rules` (one clause each) -> `effects` (history with
its source; the engine seals the book anew).
"""

from datetime import date

from bhxh.dossiers.procedure import FilerKind, Procedure, SignatureRule, Version
from bhxh.kernel.decisions import Citation
from bhxh.procedures.change_personal_data import effects, evidence, form, rules
from bhxh.signing.profiles import JSON_FILER

PROCEDURE = Procedure(
    slug="change_personal_data",
    code="SI-06",
    title_vi="Thay đổi thông tin cá nhân trong cơ sở dữ liệu bảo hiểm",
    title_en="Change of personal data in the insurance database",
    law=(
        Citation("Law 41/2024/QH15, Art. 29"),
        Citation("Decree 164/2025/ND-CP"),
        Citation("Decision 595/QD-BHXH (2017), form TK1-TS", is_assumed=True),
    ),
    filer=FilerKind.PERSON,
    signature_rules=(
        SignatureRule(
            in_force_from=date(2025, 7, 1),
            needs_certificate=False,
            citation=Citation("Decree 164/2025/ND-CP: confirmation by the e-identification account (R-022)"),
        ),
    ),
    # LAW: Art. 29(2) sets the limit; the number of days is from memory (decree-164, D-07).
    working_days=5,
    is_list=False,
    decides_clean_lines_at_once=True,
    needs_second_officer=True,
    result_title_vi="Quyết định về thay đổi thông tin cá nhân",
    result_title_en="Decision on a change of personal data",
    versions=(Version(number="1.0", in_force_from=date(2025, 7, 1)),),
    components=evidence.COMPONENTS,
    signature_profile=None,
    json_profile=JSON_FILER,
    read=form.read,
    needs=evidence.needs,
    known=evidence.known,
    judge=rules.judge,
    reference=evidence.refer,
    effects=effects.carry_out,
    compose=form.compose_document,
    describe_line=form.describe_line,
    guide=form.GUIDE,
    questions=form.QUESTIONS,
)
