"""SI-02: an employer reports workers who join, leave, or whose wage or title changes (form D02-TS).

Walk down: the sheet below -> `form` (what is asked) -> `evidence` (what is not asked, and who is asked instead) -> `rules` (what the
law says of each line) -> `effects` (what a granted line does). On the way in: `workbook_reading` and `canonical_xml`; on the way
back: `workbook_writing`. Every sentence anyone reads is in `errors`.
"""

from datetime import date

from bhxh.dossiers.procedure import FilerKind, Procedure, SignatureRule, Version
from bhxh.dossiers.questions import Guide, LifeEvent
from bhxh.kernel.decisions import Citation
from bhxh.procedures.register_employees import canonical_xml, change_codes, effects, evidence, own_facts, places, rules
from bhxh.signing.profiles import HOSO_ENVELOPING, HOSO_SEVERAL, HOSO_UNIT, HOSO_UNIT_FOREIGN

PROCEDURE = Procedure(
    slug="register_employees",
    code=canonical_xml.PROCEDURE_CODE,
    title_vi=canonical_xml.PROCEDURE_TITLE,
    title_en="Register, release and adjust insured workers",
    law=(
        Citation("Law 41/2024/QH15, Art. 28 and 31"),
        Citation("Decree 164/2025/ND-CP"),
        Citation("Decision 595/QD-BHXH (2017), form D02-TS", is_assumed=True),
    ),
    filer=FilerKind.EMPLOYER,
    signature_rules=(
        SignatureRule(
            in_force_from=date(2025, 7, 1),
            needs_certificate=True,
            citation=Citation("Decree 164/2025/ND-CP: conditions of electronic transactions (R-021)", is_assumed=True),
        ),
        SignatureRule(
            in_force_from=date(2026, 1, 1),
            needs_certificate=False,
            # LAW: in force until 28 February 2027; that a list of workers counts as an interactive e-form is our reading.
            citation=Citation(
                "Resolution 66.7/2025/NQ-CP: no digital signature on interactive e-forms of whoever is signed in", is_assumed=True
            ),
        ),
        SignatureRule(
            in_force_from=date(2027, 3, 1),
            needs_certificate=True,
            citation=Citation("Decree 164/2025/ND-CP: conditions of electronic transactions (R-021)", is_assumed=True),
        ),
    ),
    working_days=5,
    is_list=True,
    decides_clean_lines_at_once=True,
    needs_second_officer=True,
    result_title_vi="Quyết định về danh sách lao động tham gia bảo hiểm",
    result_title_en="Decision on the list of insured workers",
    versions=(Version(number="1.0", in_force_from=date(2025, 7, 1)),),
    components=evidence.COMPONENTS,
    signature_profile=HOSO_UNIT,
    foreign_profiles=(HOSO_UNIT_FOREIGN, HOSO_ENVELOPING),
    several_profile=HOSO_SEVERAL,
    read=canonical_xml.read,
    needs=evidence.needs,
    known=own_facts.known,
    judge=rules.judge,
    reference=places.refer,
    effects=effects.carry_out,
    describe_line=change_codes.describe_line,
    list_words=change_codes.list_words,
    guide=Guide(
        what=(
            "Đơn vị báo người bắt đầu làm việc, nghỉ việc, đổi lương. Gửi một danh sách, biết kết quả từng dòng trong vài giây.",
            "An employer tells who began, who left, whose wage changed: one list, an answer for each line within seconds.",
        ),
        who=("Đơn vị sử dụng lao động, hoặc người được đơn vị ủy quyền.", "Employers, or whoever holds their mandate."),
        life_events=(LifeEvent.WORK,),
        search_words=("báo tăng", "báo giảm", "điều chỉnh lương", "D02-LT", "new workers", "leavers"),
    ),
)
