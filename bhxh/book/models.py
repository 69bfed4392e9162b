"""Tables of the book: sealed versions and publications are append-only, the state is the present one."""

from django.db import models


class Version(models.Model):
    """One sealed book. Never changed, never removed: an old version verifies for ever."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    """The version: 1, 2, 3 ..."""
    sealed_at = models.DateTimeField()
    valid_on = models.DateField()
    known_at = models.DateTimeField()
    state = models.TextField()
    payload = models.BinaryField()
    """Canonical JSON, exactly the bytes that are sealed."""
    digest = models.BinaryField()
    content_digest = models.BinaryField()
    previous_digest = models.BinaryField(null=True)
    protected = models.TextField()
    """Protected header of the JWS, base64url."""
    signature = models.TextField()
    kid = models.TextField()
    dossier_id = models.UUIDField(null=True)

    class Meta:
        db_table = "book_version"
        constraints = (
            models.CheckConstraint(condition=models.Q(n__gte=1), name="book_version_counts_from_one"),
            models.CheckConstraint(
                condition=models.Q(n=1, previous_digest__isnull=True) | models.Q(n__gt=1, previous_digest__isnull=False),
                name="book_version_is_chained",
            ),
        )
        indexes = (models.Index(fields=("digest",), name="book_version_by_digest"),)


class State(models.Model):
    """The present state of a person's book and its latest version. May be rebuilt from the versions and the log."""

    person_id = models.BigIntegerField(primary_key=True)
    state = models.TextField()
    reason = models.TextField(default="")
    since = models.DateTimeField()
    latest_n = models.IntegerField()
    latest_digest = models.BinaryField()
    latest_content_digest = models.BinaryField()

    class Meta:
        db_table = "book_state"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=("NONE", "ACTIVE", "SUSPENDED", "CLOSED_ONE_OFF", "CLOSED_DECEASED", "MERGED")),
                name="book_state_known",
            ),
        )


class Publication(models.Model):
    """That a version reached the holder's e-ID account."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    published_at = models.DateTimeField()

    class Meta:
        db_table = "book_publication"


class ArchiveCopy(models.Model):
    """The copy of a version's page that proves its seal for decades, as it was renewed last. Its bytes are an item of the holder's warehouse,
    where the earlier ones stay too.
    """

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    item_id = models.UUIDField()
    stamps = models.IntegerField()
    stamped_at = models.DateTimeField()
    lasts_until = models.DateTimeField()
    """When the newest stamp ends, as it was judged under that trust list."""
    due_at = models.DateTimeField()
    """When it is looked at again: for its next stamp, or because it could not be had."""
    trust_version = models.TextField()
    trouble = models.TextField(default="")
    """Code of what stood in the way of its renewal last."""

    class Meta:
        db_table = "book_archive_copy"
        indexes = (
            models.Index(fields=("due_at",), name="book_archive_copy_due"),
            models.Index(fields=("trust_version",), name="book_archive_copy_judged"),
            models.Index(fields=("lasts_until",), name="book_archive_copy_ends"),
            models.Index(fields=("person_id",), condition=~models.Q(trouble=""), name="book_archive_copy_trouble"),
        )
