"""CF-01: a person asks for a sealed confirmation of participation. Nothing is asked of them; it is answered at once.

Walk down: the sheet below -> `form` (what may be said: a period, a purpose) -> `evidence` (why nothing is asked) -> `rules` (two
questions) -> `effects` (nothing changes; the sealed extract is the result) -> `extract` (what it says, and how it is verified) -> `rendering` (the page
to read).
"""

from datetime import date

from bhxh.dossiers.procedure import FilerKind, Procedure, SignatureRule, Version
from bhxh.kernel.decisions import Citation
from bhxh.procedures.confirmation_extract import effects, evidence, extract, form, rendering, rules
from bhxh.signing.profiles import JSON_FILER

PROCEDURE = Procedure(
    slug="confirmation_extract",
    code="CF-01",
    title_vi="Xác nhận, trích sao quá trình tham gia bảo hiểm xã hội",
    title_en="Confirmation and extract of participation in social insurance",
    law=(
        Citation("Law 41/2024/QH15, Art. 25"),
        Citation("Decree 164/2025/ND-CP"),
        Citation("Own data open to its owner (R-170 and following)", is_assumed=True),
    ),
    filer=FilerKind.PERSON,
    signature_rules=(
        SignatureRule(
            in_force_from=date(2025, 7, 1),
            needs_certificate=False,
            citation=Citation("Decree 164/2025/ND-CP: confirmation by the e-identification account (R-022)"),
        ),
    ),
    working_days=0,
    is_list=False,
    decides_clean_lines_at_once=True,
    needs_second_officer=False,
    result_title_vi="Bản trích quá trình tham gia bảo hiểm xã hội",
    result_title_en="Extract of participation in social insurance",
    versions=(Version(number="1.0", in_force_from=date(2025, 7, 1)),),
    components=evidence.COMPONENTS,
    signature_profile=None,
    json_profile=JSON_FILER,
    read=form.read,
    needs=evidence.needs,
    known=evidence.known,
    judge=rules.judge,
    effects=effects.carry_out,
    result=effects.seal_result,
    pages={extract.KIND: rendering.render_extract_pdf},
    compose=form.compose_document,
    describe_line=form.describe_line,
    guide=form.GUIDE,
    questions=form.QUESTIONS,
)
