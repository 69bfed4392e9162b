"""SI-10: a person's old paper book is entered. Scanned by the person, converted and certified, typed twice by two officers, decided by two.

Walk down: the sheet below -> `form` (what is missing; the pages of the book) -> `evidence` (what is held already; whose answer is waited
for) -> `month_plan` (what each month of the book does to the ledger) -> `rules` (one clause each; people decide, always) -> `effects` (lines of the
append-only ledger whose source names the converted original and both officers).

The book is typed in the room `transcripts`; what was agreed there is evidence of the dossier, and the rules look again.
"""

from datetime import date

from bhxh.dossiers.procedure import FilerKind, Procedure, SignatureRule, Version
from bhxh.kernel.decisions import Citation
from bhxh.procedures.correct_contribution_history import effects, evidence, form, rules
from bhxh.signing.profiles import JSON_FILER

PROCEDURE = Procedure(
    slug="correct_contribution_history",
    # WHY not one of the list: decree-164 section 5 has none for it. The next free number of ours; nearest is SI-06, ten days when periods are checked.
    code="SI-10",
    title_vi="Bổ sung, điều chỉnh quá trình đóng theo sổ bảo hiểm xã hội giấy",
    title_en="Contribution history completed and corrected from a paper insurance book",
    law=(
        Citation("Law 41/2024/QH15, Art. 29"),
        Citation("Decree 164/2025/ND-CP"),
        Citation("Circular 09/2026/TT-BTC: paper books that are not in the database yet are entered (R-131)"),
        Citation("Law 20/2023/QH15, Art. 12(1)"),
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
    result_title_vi="Quyết định về quá trình đóng theo sổ giấy",
    result_title_en="Decision on contributions from a paper book",
    versions=(Version(number="1.0", in_force_from=date(2025, 7, 1)),),
    components=evidence.COMPONENTS,
    signature_profile=None,
    json_profile=JSON_FILER,
    read=form.read,
    needs=evidence.needs,
    known=evidence.known,
    judge=rules.judge,
    effects=effects.carry_out,
    compose=form.compose_document,
    describe_line=form.describe_line,
    is_entered_from_paper=True,
    guide=form.GUIDE,
    questions=form.QUESTIONS,
)
