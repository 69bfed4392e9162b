"""Tables of the conversion room. Append-only: what was certified stays readable as it was, also after it was withdrawn."""

from django.db import models

_OWNER_KINDS = ("person", "employer")


class Case(models.Model):
    """A paper that came to the desk: whose, what it is, how many sides it has."""

    pk = models.CompositePrimaryKey("owner_id", "owner_kind", "case_id")
    owner_id = models.BigIntegerField()
    owner_kind = models.TextField()
    case_id = models.UUIDField()
    original = models.TextField()
    paper = models.TextField()
    declared_pages = models.IntegerField()
    opened_by = models.TextField()
    opened_by_person_id = models.BigIntegerField()
    agency_code = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "conversion_case"
        indexes = (models.Index(fields=("case_id",), name="conversion_case_by_id"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(owner_kind__in=_OWNER_KINDS), name="conversion_case_owner_kind"),
            models.CheckConstraint(condition=models.Q(declared_pages__gte=1), name="conversion_case_pages"),
        )


class CaseStep(models.Model):
    """What was done with it, by whom. The number is the step's place: of two that come at once one is refused."""

    pk = models.CompositePrimaryKey("owner_id", "owner_kind", "case_id", "n")
    owner_id = models.BigIntegerField()
    owner_kind = models.TextField()
    case_id = models.UUIDField()
    n = models.IntegerField()
    step = models.TextField()
    """`PROPOSED`, `CERTIFIED`, `DECLINED`, `WITHDRAWN`."""
    by = models.TextField()
    by_person_id = models.BigIntegerField()
    agency_code = models.TextField()
    at = models.DateTimeField()
    words = models.TextField()
    scans = models.JSONField()
    """Of a proposal: the files it is made of, and what was measured on each page."""
    item_id = models.UUIDField(null=True)
    """Of a certification: the converted file in its owner's warehouse."""
    file_sha256 = models.TextField(null=True)
    code = models.TextField(null=True)
    """Digest of the certificate's content: what its QR code leads to."""
    certificate = models.BinaryField(null=True)
    """Sealed."""

    class Meta:
        db_table = "conversion_step"
        indexes = (
            models.Index(fields=("code",), condition=models.Q(code__isnull=False), name="conversion_step_code"),
            models.Index(fields=("file_sha256",), condition=models.Q(file_sha256__isnull=False), name="conversion_step_file"),
            models.Index(fields=("item_id",), condition=models.Q(item_id__isnull=False), name="conversion_step_item"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    step="CERTIFIED", item_id__isnull=False, file_sha256__isnull=False, code__isnull=False, certificate__isnull=False
                )
                | models.Q(
                    step__in=("PROPOSED", "DECLINED", "WITHDRAWN"),
                    item_id__isnull=True,
                    file_sha256__isnull=True,
                    code__isnull=True,
                    certificate__isnull=True,
                ),
                name="conversion_step_certified",
            ),
        )


class PrintCopy(models.Model):
    """A print of an electronic original that says whose it is, where it is looked up, and who answers for it."""

    pk = models.CompositePrimaryKey("owner_id", "owner_kind", "print_id")
    owner_id = models.BigIntegerField()
    owner_kind = models.TextField()
    print_id = models.UUIDField()
    original_sha256 = models.TextField()
    """Of the original's bytes: an item of the warehouse, or a sealed book."""
    original_item_id = models.UUIDField(null=True)
    """Null: a book."""
    original_code = models.TextField()
    """What the original itself is looked up by, where it has that: a book's or a conversion's digest; else empty."""
    kind = models.TextField()
    pages = models.IntegerField()
    by = models.TextField()
    by_person_id = models.BigIntegerField()
    agency_code = models.TextField()
    at = models.DateTimeField()
    made_on = models.DateField()
    item_id = models.UUIDField()
    file_sha256 = models.TextField()
    code = models.TextField()
    certificate = models.BinaryField()

    class Meta:
        db_table = "conversion_print"
        indexes = (
            models.Index(fields=("print_id",), name="conversion_print_by_id"),
            models.Index(fields=("code",), name="conversion_print_code"),
            models.Index(fields=("file_sha256",), name="conversion_print_file"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("owner_id", "owner_kind", "original_sha256", "by", "made_on"), name="conversion_print_once_a_day"
            ),
            models.CheckConstraint(condition=models.Q(owner_kind__in=_OWNER_KINDS), name="conversion_print_owner_kind"),
        )
