"""Tables of the credentials room."""

from django.db import models


class Credential(models.Model):
    """One card or summary as it was issued. Never changed: whether it still holds is looked up, not written here."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    kind = models.TextField()
    subject = models.TextField()
    """The card's code, or the book's version."""
    content_digest = models.BinaryField()
    """SHA-256 of what it says without instants and place in the list: equal means that a new one would say the same."""
    list_number = models.IntegerField()
    list_index = models.IntegerField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    text = models.TextField()
    """What the QR code holds."""
    kid = models.TextField()

    class Meta:
        db_table = "credentials_credential"
        constraints = (models.CheckConstraint(condition=models.Q(kind__in=("HEALTH_CARD", "BOOK_SUMMARY")), name="credentials_kind"),)
        indexes = (models.Index(fields=("list_number", "list_index"), name="credentials_place"),)


class Withdrawal(models.Model):
    """A card or summary that its holder took back, for instance because a picture of it went astray."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    """Of the credential."""
    withdrawn_at = models.DateTimeField()

    class Meta:
        db_table = "credentials_withdrawal"


class Proposal(models.Model):
    """What one officer proposed about a book, and what another made of it."""

    proposal_id = models.UUIDField(primary_key=True)
    person_id = models.BigIntegerField()
    act = models.TextField()
    reason = models.TextField()
    words = models.TextField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    outcome = models.TextField()
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "credentials_proposal"
        indexes = (
            models.Index(fields=("person_id", "proposal_id"), name="credentials_proposal_person"),
            models.Index(fields=("proposal_id",), name="credentials_proposal_open", condition=models.Q(outcome="OPEN")),
        )


class PublishedList(models.Model):
    """A status list as last sealed. Made anew from books and cards; losing it loses an hour."""

    list_number = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField(db_index=True)
    fresh_until = models.DateTimeField()
    sealed = models.BinaryField()
    kid = models.TextField()

    class Meta:
        db_table = "credentials_status_list"


class Share(models.Model):
    """Something shown for some minutes. Of the secret only the digest is kept; gone a day after it ended."""

    secret_sha256 = models.TextField(primary_key=True)
    person_id = models.BigIntegerField(db_index=True)
    kind = models.TextField()
    parts = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    views = models.IntegerField()

    class Meta:
        db_table = "credentials_share"
