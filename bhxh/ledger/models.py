"""The one table of the ledger. Append-only: the application's role may insert and read, nothing else."""

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

from bhxh.ledger.lines import EMPLOYER_AMOUNTS, UNCOUNTED_KINDS, WORKER_AMOUNTS, LineKind

_UNCOUNTED = sorted(kind.value for kind in UNCOUNTED_KINDS)


def _sum_of(names: tuple[str, ...]) -> CombinedExpression:
    first, second, *others = [F(f"{name}_vnd") for name in names]
    total = first + second
    for other in others:
        total += other
    return total


class ContributionLine(models.Model):
    """One month of one person at one employer, or the taking back of such a line."""

    # WHY this order: a book reads the first thirteen columns of every line of a person, and PostgreSQL walks a row from its start.
    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    """Never earlier than the person's line before: what was known at an instant stays what was known."""
    worker_vnd = models.BigIntegerField()
    employer_vnd = models.BigIntegerField()
    hi_base_vnd = models.BigIntegerField()
    ui_base_vnd = models.BigIntegerField()
    n = models.IntegerField()
    """1, 2, 3 ... within the person, in the order of posting."""
    sign = models.SmallIntegerField()
    """+1 counts the month, -1 takes it back, 0 never counted."""
    retirement_worker_bp = models.SmallIntegerField()
    retirement_employer_bp = models.SmallIntegerField()
    is_hazardous = models.BooleanField()
    fragment = models.BinaryField()
    """The line as the book shows it, canonical JSON; written once, hashed and signed ever after."""
    reverses_n = models.IntegerField(null=True)
    terms_n = models.IntegerField()
    """The line whose fragment spells out this one's terms: its own, or an earlier one with the same."""
    turn = models.IntegerField()
    """The k-th time this month is counted (uncounted lines: the k-th line of this employer for the month)."""
    month = models.IntegerField()
    """yyyymm"""
    employer_id = models.BigIntegerField()
    unit_code = models.TextField()
    unit_name = models.TextField()
    workplace = models.TextField()
    job_title = models.TextField()
    participant_type = models.TextField()
    kind = models.TextField()
    si_base_vnd = models.BigIntegerField()
    retirement_worker_vnd = models.BigIntegerField()
    retirement_employer_vnd = models.BigIntegerField()
    sickness_worker_vnd = models.BigIntegerField()
    sickness_worker_bp = models.SmallIntegerField()
    sickness_employer_vnd = models.BigIntegerField()
    sickness_employer_bp = models.SmallIntegerField()
    accident_employer_vnd = models.BigIntegerField()
    accident_employer_bp = models.SmallIntegerField()
    ui_worker_vnd = models.BigIntegerField()
    ui_worker_bp = models.SmallIntegerField()
    ui_employer_vnd = models.BigIntegerField()
    ui_employer_bp = models.SmallIntegerField()
    hi_worker_vnd = models.BigIntegerField()
    hi_worker_bp = models.SmallIntegerField()
    hi_employer_vnd = models.BigIntegerField()
    hi_employer_bp = models.SmallIntegerField()
    note = models.TextField()
    dossier_id = models.UUIDField(null=True)
    basis = models.TextField()
    """The citation under which the line was posted."""

    class Meta:
        db_table = "ledger_contribution_line"
        constraints = (
            models.UniqueConstraint(
                fields=["person_id", "month", "turn", "sign"], condition=~Q(sign=0), name="ledger_line_month_counted_once"
            ),
            models.UniqueConstraint(
                fields=["person_id", "reverses_n"], condition=Q(reverses_n__isnull=False), name="ledger_line_reversed_once"
            ),
            models.UniqueConstraint(
                fields=["person_id", "month", "employer_id", "turn"],
                condition=Q(sign=0, reverses_n__isnull=True),
                name="ledger_line_uncounted_once",
            ),
            models.CheckConstraint(condition=Q(n__gte=1) & Q(turn__gte=1), name="ledger_line_numbers"),
            models.CheckConstraint(condition=Q(terms_n__gte=1, terms_n__lte=F("n")), name="ledger_line_terms"),
            models.CheckConstraint(
                condition=(
                    Q(reverses_n__isnull=True, sign=0, kind__in=_UNCOUNTED)
                    | (Q(reverses_n__isnull=True, sign=1) & ~Q(kind__in=_UNCOUNTED))
                    | Q(reverses_n__isnull=False, reverses_n__lt=F("n"), sign__in=[-1, 0], kind=LineKind.ADJUST.value)
                ),
                name="ledger_line_sign",
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in LineKind]), name="ledger_line_kind"),
            models.CheckConstraint(
                condition=Q(month__gte=193001, month__lte=219912)
                & Q(month__gte=F("month") / 100 * 100 + 1)
                & Q(month__lte=F("month") / 100 * 100 + 12),
                name="ledger_line_month",
            ),
            models.CheckConstraint(
                condition=Q(
                    si_base_vnd__gte=0,
                    hi_base_vnd__gte=0,
                    ui_base_vnd__gte=0,
                    **{f"{name}_vnd__gte": 0 for name in (*WORKER_AMOUNTS, *EMPLOYER_AMOUNTS)},
                    **{f"{name}_bp__gte": 0 for name in (*WORKER_AMOUNTS, *EMPLOYER_AMOUNTS)},
                ),
                name="ledger_line_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(worker_vnd=_sum_of(WORKER_AMOUNTS)) & Q(employer_vnd=_sum_of(EMPLOYER_AMOUNTS)), name="ledger_line_totals"
            ),
            models.CheckConstraint(
                condition=~Q(kind=LineKind.PRESERVED.value) | Q(worker_vnd=0, employer_vnd=0), name="ledger_line_preserved_is_free"
            ),
        )
        indexes = (models.Index(fields=["employer_id", "month"], name="ledger_line_employer_month"),)
