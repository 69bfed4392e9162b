"""Tables of the audit log. All are append-only: the application's role may insert and read, nothing else."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from bhxh.audit.transaction_ids import CurrentTransactionId, TransactionIdField


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
    consent_id = models.UUIDField(null=True)
    mandate_id = models.UUIDField(null=True)
    digest = models.BinaryField()
    """SHA-256 of the canonical JSON of all columns above but entry_id; `audit/digests.py`."""
    recorded_at = models.DateTimeField(db_default=Now())
    txid = TransactionIdField(db_default=CurrentTransactionId())
    """The transaction that wrote it: by it the sequencer knows that nothing earlier can still appear."""

    class Meta:
        db_table = "audit_entry"
        indexes = (
            BrinIndex(fields=["at"], name="audit_entry_at", pages_per_range=32),
            models.Index(fields=["txid"], name="audit_entry_txid"),
            models.Index(fields=["dossier_id"], name="audit_entry_dossier", condition=models.Q(dossier_id__isnull=False)),
        )


class Look(models.Model):
    """One disclosure of one person's data to somebody. The person sees these rows."""

    pk = models.CompositePrimaryKey("person_id", "look_id")
    person_id = models.BigIntegerField()
    look_id = models.UUIDField()
    at = models.DateTimeField()
    what = models.TextField()
    """What was shown: a slug of `audit/shown.py`."""
    actor_kind = models.TextField()
    account = models.TextField()
    acting_person_id = models.BigIntegerField(null=True)
    employer_id = models.BigIntegerField(null=True)
    purpose = models.TextField()
    legal_basis = models.TextField()
    request_id = models.TextField()
    dossier_id = models.UUIDField(null=True)
    roles = models.TextField(null=True)
    """An officer's roles or a program's grants at that time, comma separated."""
    on_behalf_of_person_id = models.BigIntegerField(null=True)
    """Whose child, ward or customer at the counter was acted for."""
    consent_id = models.UUIDField(null=True)
    mandate_id = models.UUIDField(null=True)
    groups = models.TextField(null=True)
    """Data groups or fields shown, comma separated, where fewer than `what` says."""
    reason = models.TextField(null=True)
    """Why, in an officer's own words."""
    digest = models.BinaryField()
    """SHA-256 of the canonical JSON of all columns above."""
    txid = TransactionIdField(db_default=CurrentTransactionId())

    class Meta:
        db_table = "audit_look"
        # WHY a BRIN index: rows come in order of time, so a few pages of it find a day, and a look costs nothing more to write.
        indexes = (
            models.Index(fields=["txid"], name="audit_look_txid"),
            BrinIndex(fields=["at"], name="audit_look_at", pages_per_range=32),
        )


class Leaf(models.Model):
    """The place of one entry or one look in the log's tree, given once it is committed. Names exactly one of the two."""

    leaf_number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    look_id = models.UUIDField(null=True)
    leaf_hash = models.BinaryField()

    class Meta:
        db_table = "audit_leaf"
        constraints = (
            models.UniqueConstraint(fields=["entry_id"], name="audit_leaf_entry", condition=models.Q(entry_id__isnull=False)),
            models.UniqueConstraint(fields=["look_id"], name="audit_leaf_look", condition=models.Q(look_id__isnull=False)),
            models.CheckConstraint(
                name="audit_leaf_names_one",
                condition=models.Q(entry_id__isnull=False, look_id__isnull=True, person_id__isnull=True)
                | models.Q(entry_id__isnull=True, look_id__isnull=False, person_id__isnull=False),
            ),
        )


class InnerNode(models.Model):
    """Hash over a complete, wide subtree, so that a proof need not read millions of leaves. Derived; may be made again."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_inner_node"


class Epoch(models.Model):
    """A stretch of the log numbered by the transactions of one database cluster; a restore into another opens the next."""

    epoch = models.IntegerField(primary_key=True)
    opened_at = models.DateTimeField()
    cluster = models.TextField()
    """The cluster's own identifier."""
    first_txid = TransactionIdField()
    """Every row this cluster has committed since is from this transaction on."""
    first_leaf = models.BigIntegerField()

    class Meta:
        db_table = "audit_epoch"


class Head(models.Model):
    """The tree after one batch. Two sequencers cannot both write the same size's successor: the size is the key."""

    size = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    epoch = models.IntegerField()
    cursor_txid = TransactionIdField()
    """Transaction of the batch's last row; the next batch starts with it."""
    peaks = models.BinaryField()
    """The compact range: what the next leaf is joined to."""
    root = models.BinaryField()

    class Meta:
        db_table = "audit_head"


class SealedHead(models.Model):
    """A head signed by this installation: what outsiders keep, and hold us to."""

    sealed_id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField()
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "audit_sealed_head"
        indexes = (models.Index(fields=["size"], name="audit_sealed_head_size"),)


class Stamp(models.Model):
    """What a time-stamping authority said about a sealed head: that it was there by then. One for each size at most."""

    size = models.BigIntegerField(primary_key=True)
    sealed_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    """By our clock."""
    stamped_at = models.DateTimeField()
    """By the authority's."""
    authority = models.TextField()
    token = models.BinaryField()
    """RFC 3161, DER, as it came; over the SHA-256 of the sealed head's bytes."""
    certificates = models.JSONField()
    """From the one that stamped up to the root, each DER in base64."""

    class Meta:
        db_table = "audit_stamp"
