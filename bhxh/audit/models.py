"""Tables of the audit log. All are append-only: the application's role may insert and read, nothing else."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One change, written in the transaction that makes it. Holds ids and slugs, never a name or a number of a person."""

    entry_id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    verb = models.TextField()
    """`room.object.verb`, such as `ledger.line.post`."""
    actor_kind = models.TextField()
    account = models.TextField()
    acting_person_id = models.BigIntegerField(null=True)
    employer_id = models.BigIntegerField(null=True)
    on_behalf_of_person_id = models.BigIntegerField(null=True)
    purpose = models.TextField()
    legal_basis = models.TextField()
    request_id = models.TextField()
    person_id = models.BigIntegerField(null=True)
    """The data subject, where the change concerns exactly one."""
    dossier_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    digest = models.BinaryField()
    """SHA-256 of the canonical JSON of all columns above but entry_id."""
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "audit_entry"


class Look(models.Model):
    """One disclosure of one person's data to somebody. The person sees these rows."""

    pk = models.CompositePrimaryKey("person_id", "look_id")
    person_id = models.BigIntegerField()
    look_id = models.UUIDField()
    at = models.DateTimeField()
    what = models.TextField()
    """What was shown: `book`, `identity`, `contact` ..."""
    actor_kind = models.TextField()
    account = models.TextField()
    acting_person_id = models.BigIntegerField(null=True)
    employer_id = models.BigIntegerField(null=True)
    purpose = models.TextField()
    legal_basis = models.TextField()
    request_id = models.TextField()
    dossier_id = models.UUIDField(null=True)
    digest = models.BinaryField()

    class Meta:
        db_table = "audit_look"


class IdempotencyKey(models.Model):
    """The first answer given to a key, so that the same request again gets the same answer."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.TextField()
    key = models.TextField()
    content_sha256 = models.TextField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_idempotency_key"
