"""What must be known besides the form, from whom, and what therefore nobody is asked for: the reuse rule of this procedure. Pure.

Law: decree-164 R-041 to R-048: what a register holds is neither asked nor demanded; each reused fact keeps its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bhxh.dossiers.ports import Answer, AnswerKind
from bhxh.dossiers.procedure import Component, Filing, Need, Subject
from bhxh.kernel.decisions import Citation
from bhxh.procedures.register_employees.form import Line

POPULATION, BUSINESS, REGISTRY = "population", "business", "registry"

REUSE = Citation("Decree 164/2025/ND-CP: reuse of digitised data (article number not confirmed)", is_assumed=True)
VERIFIED_WITH_POPULATION = Citation("Law 41/2024/QH15; Decree 164/2025/ND-CP: comparison with the population database", is_assumed=True)

COMPONENTS: tuple[Component, ...] = (
    Component(code="D02-TS", title_vi="Danh sách lao động tham gia bảo hiểm", title_en="List of workers", is_mandatory=True),
    Component(
        code="TK1-TS",
        title_vi="Tờ khai thông tin của người lao động",
        title_en="Personal declaration of a worker",
        is_mandatory=False,
        made_unnecessary_by=(POPULATION, REGISTRY),
    ),
    Component(
        code="D01-TS",
        title_vi="Bảng kê giấy tờ kèm theo",
        title_en="List of supporting papers",
        is_mandatory=False,
        made_unnecessary_by=("warehouse",),
    ),
    Component(
        code="DKDN",
        title_vi="Giấy chứng nhận đăng ký doanh nghiệp",
        title_en="Business registration certificate",
        is_mandatory=False,
        made_unnecessary_by=(BUSINESS, REGISTRY),
    ),
)


@dataclass(frozen=True, slots=True)
class ReusableFact:
    """A fact about a worker that is demanded only where no source has it."""

    field: str
    title_vi: str
    title_en: str


REUSABLE: tuple[ReusableFact, ...] = (
    ReusableFact("full_name", "họ tên", "full name"),
    ReusableFact("birth_on", "ngày sinh", "birth date"),
    ReusableFact("sex", "giới tính", "sex"),
)


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact with the source it was taken from: `form`, `population` or `registry`."""

    value: str
    source: str


def needs(filing: Filing, subjects: Mapping[str, Subject]) -> tuple[Need, ...]:
    """Whom to ask about: every worker whose number could be read, and the employer.

    WHY workers we know are asked about too: a leaver may have died, a name may have changed; freshness is this filing.
    Another custodian's people are not asked about: what they are is none of this installation's business.
    """
    pins = dict.fromkeys(line.pin for line in filing.lines if line.pin and not _is_kept_elsewhere(subjects.get(line.pin)))
    workers = tuple(Need(register=POPULATION, subject=pin, why=VERIFIED_WITH_POPULATION) for pin in pins)
    return (*workers, Need(register=BUSINESS, subject=filing.filer_identifier, why=REUSE))


def find_facts(line: Line, answer: Answer | None, subject: Subject | None) -> Mapping[str, KnownFact]:
    """The reusable facts of a worker: what the population register says, else what we hold, else what the form says.

    A field that is absent here was given by nobody: only then may it be demanded.
    """
    found: dict[str, KnownFact] = {}
    for fact in REUSABLE:
        sources = (
            (POPULATION, answered(answer).get(fact.field, "")),
            (REGISTRY, _held(subject, fact.field)),
            ("form", getattr(line, fact.field)),
        )
        value, source = next(((str(value), source) for source, value in sources if value), ("", ""))
        if value:
            found[fact.field] = KnownFact(value, source)
    return found


def answered(answer: Answer | None) -> Mapping[str, object]:
    """The content of an answer, empty unless the register truly answered."""
    return answer.content if answer is not None and answer.kind is AnswerKind.ANSWERED else {}


def _held(subject: Subject | None, field: str) -> str:
    """What the registry holds; a birth date only as exactly as it is known."""
    if subject is None:
        return ""
    value = str(getattr(subject, field))
    return value[: _PRECISION.get(str(subject.facts.get("birth_precision", "DAY")), 10)] if field == "birth_on" else value


_PRECISION = {"YEAR": 4, "MONTH": 7}


def _is_kept_elsewhere(subject: Subject | None) -> bool:
    """The registry shows nothing of another custodian's person but that there is one."""
    return subject is not None and not subject.full_name
