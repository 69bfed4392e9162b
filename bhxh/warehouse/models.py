"""Tables of the warehouse. Append-only: an item once kept is never changed; a new version is a new item."""

from django.db import models


class Item(models.Model):
    """One document of one owner: which bytes, what they are, where they come from."""

    pk = models.CompositePrimaryKey("owner_id", "owner_kind", "item_id")
    owner_id = models.BigIntegerField()
    owner_kind = models.TextField()
    """`person`, `employer` or `installation`."""
    item_id = models.UUIDField()
    sha256 = models.TextField()
    size_bytes = models.BigIntegerField()
    media_type = models.TextField()
    kind = models.TextField()
    """Slug of what it is: `filed_document`, `decision`, `book`, `extract` ..."""
    title_vi = models.TextField()
    title_en = models.TextField()
    dossier_id = models.UUIDField(null=True)
    provenance = models.JSONField()
    """Where it comes from: source kind, source system, record id, time; no personal data."""
    at = models.DateTimeField()
    converted_from_sha256 = models.TextField(null=True)
    """Of a conversion paper <-> electronic: the digest of the other form where it has one."""
    conversion_direction = models.TextField(null=True)
    """`TO_ELECTRONIC` or `TO_PAPER`."""
    converted_by = models.TextField(null=True)
    converted_at = models.DateTimeField(null=True)
    sealed_key = models.BinaryField(null=True)
    """The file's key, wrapped for this owner. Null: kept before files were encrypted."""
    keep_until_on = models.DateField(null=True)
    """The first day on which it may go, by the rule for its kind of the day it was kept. Null: never."""

    class Meta:
        db_table = "warehouse_item"
        indexes = (
            models.Index(fields=("item_id",), name="warehouse_item_by_id"),
            models.Index(fields=("sha256",), name="warehouse_item_by_content"),
            models.Index(fields=("keep_until_on",), condition=models.Q(keep_until_on__isnull=False), name="warehouse_item_ending"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("owner_id", "owner_kind", "sha256", "kind", "dossier_id"), nulls_distinct=False, name="warehouse_item_once"
            ),
            models.CheckConstraint(
                condition=models.Q(owner_kind__in=("person", "employer", "installation")), name="warehouse_item_owner_kind"
            ),
        )


class Lifetime(models.Model):
    """What became of an item's time: it was sent in again, something rests on it, or it has ended. Present state; most items have no such row."""

    pk = models.CompositePrimaryKey("owner_id", "owner_kind", "item_id")
    owner_id = models.BigIntegerField()
    owner_kind = models.TextField()
    item_id = models.UUIDField()
    keep_until_on = models.DateField()
    """Instead of the item's own."""
    ended_at = models.DateTimeField(null=True)
    """Since then no list shows it and nobody reads it."""
    is_removed = models.BooleanField(default=False, db_default=False)
    """Whether its owner ended it; nothing but they bring it back then. Says nothing where it has not ended."""
    settled_at = models.DateTimeField(null=True)
    """Since then its file is gone, or stays because others hold the same content."""

    class Meta:
        db_table = "warehouse_lifetime"
        indexes = (
            models.Index(
                fields=("ended_at",),
                condition=models.Q(ended_at__isnull=False, settled_at__isnull=True),
                name="warehouse_lifetime_unsettled",
            ),
        )


class Upload(models.Model):
    """What an owner sent in, from the first byte in quarantine until it is an item or refused. A row of present state."""

    pk = models.CompositePrimaryKey("owner_id", "owner_kind", "upload_id")
    owner_id = models.BigIntegerField()
    owner_kind = models.TextField()
    upload_id = models.UUIDField()
    kind = models.TextField()
    """Slug of `uploads.OWN_KINDS`."""
    once = models.TextField(default="", db_default="")
    """Under which key it was sent: sent again under the same one it is this upload. Empty: under none."""
    sha256 = models.TextField()
    size_bytes = models.BigIntegerField()
    received_at = models.DateTimeField()
    state = models.TextField()
    """`received`, `usable`, `refused`."""
    scan = models.TextField()
    """`waiting`, `clean`, `found`, `not_scanned`: nobody looked, which is not the same as clean."""
    media_type = models.TextField(default="")
    """As a real parser proved it."""
    reason = models.TextField(default="")
    """Code of the sentence that says why it was refused."""
    item_id = models.UUIDField(null=True)
    examined_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warehouse_upload"
        indexes = (models.Index(fields=("received_at",), condition=models.Q(state="received"), name="warehouse_upload_waiting"),)
        constraints = (
            models.UniqueConstraint(fields=("owner_id", "owner_kind", "once"), condition=~models.Q(once=""), name="warehouse_upload_once"),
            models.CheckConstraint(condition=models.Q(owner_kind__in=("person", "employer")), name="warehouse_upload_owner_kind"),
            models.CheckConstraint(
                condition=models.Q(state="received", scan="waiting", reason="", item_id__isnull=True, examined_at__isnull=True)
                | models.Q(state="usable", scan__in=("clean", "not_scanned"), reason="", item_id__isnull=False, examined_at__isnull=False)
                | (models.Q(state="refused", item_id__isnull=True, examined_at__isnull=False) & ~models.Q(reason="")),
                name="warehouse_upload_state",
            ),
        )
