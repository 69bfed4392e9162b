"""Tables of present state: who is known, who may act for whom. The history of every change is in the audit log."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Account(models.Model):
    """An e-ID account and the person it belongs to. Key: `eid:<issuer host>:<sub>`; no personal number is kept here."""

    account = models.TextField(primary_key=True)
    issuer = models.TextField()
    subject = models.TextField()
    person_id = models.BigIntegerField(db_index=True)
    account_type = models.TextField()
    linked_at = models.DateTimeField()

    class Meta:
        db_table = "access_account"
        constraints = (models.UniqueConstraint(fields=("issuer", "subject"), name="access_account_issuer_subject"),)


class Mandate(models.Model):
    """Who may act for an employer: `eid:...`, `person:<id>`, `employer:<id>` or `machine:<client>`."""

    mandate_id = models.UUIDField(primary_key=True)
    employer_id = models.BigIntegerField()
    account = models.TextField()
    role = models.TextField()
    acts = ArrayField(models.TextField(), default=list, db_default=["FILE", "FOLLOW", "WITHDRAW"])
    procedures = ArrayField(models.TextField(), null=True)
    """Slugs; null: every procedure."""
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    granted_by = models.TextField()
    granted_at = models.DateTimeField()

    class Meta:
        db_table = "access_mandate"
        constraints = (
            models.CheckConstraint(condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="access_mandate_period"),
        )
        indexes = (
            models.Index(fields=("account", "employer_id"), name="access_mandate_account"),
            models.Index(fields=("employer_id", "mandate_id"), name="access_mandate_employer"),
        )


class MandateRecord(models.Model):
    """A mandate as it stood from an instant on, with the sealed document that says so. Append-only: what an auditor replays."""

    pk = models.CompositePrimaryKey("mandate_id", "n")
    mandate_id = models.UUIDField()
    n = models.IntegerField()
    """1: granted; 2: revoked; 3 and on: revoked for a sooner day than before."""
    employer_id = models.BigIntegerField()
    account = models.TextField()
    role = models.TextField()
    acts = ArrayField(models.TextField())
    procedures = ArrayField(models.TextField(), null=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    at = models.DateTimeField()
    by_account = models.TextField()
    sealed = models.BinaryField()
    """Flattened JWS; empty for what was granted before mandates were sealed."""
    signed = models.BinaryField()
    """The digitally signed document, where that was the confirmation."""

    class Meta:
        db_table = "access_mandate_record"
        indexes = (models.Index(fields=("employer_id", "at"), name="access_mandate_replay"),)


class Officer(models.Model):
    """An officer, who signs in with their own e-ID account."""

    login = models.TextField(primary_key=True)
    account = models.TextField(unique=True)
    agency_code = models.TextField()
    roles = ArrayField(models.TextField())
    skills = ArrayField(models.TextField(), default=list)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        db_table = "access_officer"


class OfficerKey(models.Model):
    """A security key of an officer (WebAuthn): the second factor. An ended key is kept, so that it is never registered again."""

    key_id = models.TextField(primary_key=True)
    """The credential id, base64url."""
    login = models.TextField(db_index=True)
    name = models.TextField()
    """What its owner calls it."""
    credential = models.BinaryField()
    """Attested credential data as the key gave it: its make, its id, its public key."""
    counter = models.BigIntegerField()
    """Signatures made so far by the key's own count; a count that does not rise is another key with the same secret."""
    registered_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(default="")

    class Meta:
        db_table = "access_officer_key"


class KeyInvitation(models.Model):
    """An operator's one-time code with which an officer registers a key. One per officer; gone when used."""

    login = models.TextField(primary_key=True)
    code_sha256 = models.TextField()
    made_by = models.TextField()
    until_at = models.DateTimeField()

    class Meta:
        db_table = "access_key_invitation"


class KeyChallenge(models.Model):
    """What a key must sign, good once and for minutes. One per session and act."""

    pk = models.CompositePrimaryKey("session", "act")
    session = models.TextField()
    act = models.TextField()
    challenge = models.BinaryField()
    until_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "access_key_challenge"


class SecondFactor(models.Model):
    """A session of an officer in which a key was shown. Without such a row the session opens no officer's door."""

    session = models.TextField(primary_key=True)
    login = models.TextField()
    key_id = models.TextField(db_index=True)
    proven_at = models.DateTimeField()
    until_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "access_second_factor"


class DataRequest(models.Model):
    """What somebody asked about their own data, and by when it has to be answered and done."""

    request_id = models.UUIDField(primary_key=True)
    person_id = models.BigIntegerField(db_index=True)
    kind = models.TextField()
    words = models.TextField()
    """What was asked, as it was asked."""
    received_at = models.DateTimeField()
    received_by = models.TextField()
    answer_due_on = models.DateField()
    done_due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    extended_because = models.TextField(default="")
    done_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    outcome = models.TextField(default="")

    class Meta:
        db_table = "access_data_request"
        indexes = (models.Index(fields=("done_due_on", "request_id"), name="access_data_request_open", condition=Q(done_at__isnull=True)),)
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | (Q(is_granted__isnull=False) & ~Q(outcome="")), name="access_data_request_has_outcome"
            ),
        )


class Machine(models.Model):
    """Another program, known by its public keys."""

    client_id = models.TextField(primary_key=True)
    name = models.TextField()
    owner_employer_id = models.BigIntegerField(null=True)
    """The organisation that looks after it; null: this installation's operator."""
    jwks = models.JSONField()
    """A key set; a key may carry `not_before` and `not_after` (exclusive), so that two overlap while it is turned."""
    grants = ArrayField(models.TextField())
    until_on = models.DateField(null=True)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "access_machine"
        indexes = (models.Index(fields=("owner_employer_id",), name="access_machine_owner", condition=Q(owner_employer_id__isnull=False)),)


class UsedAssertion(models.Model):
    """A program's assertion is good once. Rows are forgotten when the assertion has long expired."""

    pk = models.CompositePrimaryKey("client_id", "jti")
    client_id = models.TextField()
    jti = models.TextField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "access_used_assertion"


class Session(models.Model):
    """A signed-in browser. What its cookie holds is not here, only the digest; rows go when the session is over (the log keeps that)."""

    session_id = models.UUIDField(primary_key=True)
    secret_sha256 = models.TextField(unique=True)
    account = models.TextField()
    issuer = models.TextField()
    subject = models.TextField()
    sid = models.TextField()
    account_type = models.TextField()
    assurance_level = models.SmallIntegerField()
    pin = models.TextField()
    org_id = models.TextField()
    methods = ArrayField(models.TextField(), default=list)
    signed_in_at = models.DateTimeField(null=True)
    acting_as = models.TextField()
    employer_id = models.BigIntegerField(null=True)
    acting_for = models.TextField(default="", db_default="")
    device = models.TextField()
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "access_session"
        indexes = (
            models.Index(fields=("account", "begun_at"), name="access_session_account"),
            models.Index(fields=("issuer", "sid"), name="access_session_sid"),
        )


class SignedOut(models.Model):
    """A sign-in (`sid:...`), or all of an account so far (`sub:...`), that the issuer has ended: tokens of it open nothing any more."""

    pk = models.CompositePrimaryKey("issuer", "name")
    issuer = models.TextField()
    name = models.TextField()
    at = models.DateTimeField()
    kept_until = models.DateTimeField()

    class Meta:
        db_table = "access_signed_out"


class Requester(models.Model):
    """An organisation that may ask persons for data, or reads them by its duty: known by its program, its e-ID account, or both."""

    requester_id = models.TextField(primary_key=True)
    name = models.TextField()
    kind = models.TextField()
    client_id = models.TextField(default="")
    employer_id = models.BigIntegerField(null=True)
    fields = ArrayField(models.TextField())
    purposes = ArrayField(models.TextField())
    contact = models.TextField(default="")
    notice_url = models.TextField(default="")
    until_on = models.DateField(null=True)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "access_requester"
        constraints = (
            models.UniqueConstraint(fields=("client_id",), name="access_requester_client", condition=~Q(client_id="")),
            models.UniqueConstraint(fields=("employer_id",), name="access_requester_employer", condition=Q(employer_id__isnull=False)),
        )


class AgreedScope(models.Model):
    """What a State agency may read by law: legal basis, purpose, ground, and the fields that were agreed."""

    scope_id = models.TextField(primary_key=True)
    requester_id = models.TextField()
    legal_basis = models.TextField()
    purpose_vi = models.TextField()
    purpose_en = models.TextField()
    ground = models.TextField()
    fields = ArrayField(models.TextField())
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "access_agreed_scope"


class ConsentRequest(models.Model):
    """Somebody asks a person for data. Without a person where the number asked for is nobody's here: the requester is not told."""

    request_id = models.UUIDField(primary_key=True)
    requester_id = models.TextField()
    person_id = models.BigIntegerField(null=True)
    fields = ArrayField(models.TextField())
    purpose = models.TextField()
    reason = models.TextField()
    reference = models.TextField()
    on = models.DateField(null=True)
    until_on = models.DateField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    state = models.TextField()
    decided_at = models.DateTimeField(null=True)
    consent_id = models.UUIDField(null=True)

    class Meta:
        db_table = "access_consent_request"
        indexes = (models.Index(fields=("person_id", "asked_at"), name="access_consent_request_person"),)


class Consent(models.Model):
    """What a person granted, with its sealed receipt. Append-only: a consent ends by a row of its own, or by its day."""

    consent_id = models.UUIDField(primary_key=True)
    request_id = models.UUIDField(unique=True)
    person_id = models.BigIntegerField(db_index=True)
    requester_id = models.TextField()
    fields = ArrayField(models.TextField())
    purpose = models.TextField()
    on = models.DateField(null=True)
    until_on = models.DateField()
    granted_at = models.DateTimeField()
    receipt = models.BinaryField()

    class Meta:
        db_table = "access_consent"


class ConsentWithdrawal(models.Model):
    """That a consent was withdrawn. Append-only, so that nothing of ours can take it back."""

    consent_id = models.UUIDField(primary_key=True)
    withdrawn_at = models.DateTimeField()
    channel = models.TextField()

    class Meta:
        db_table = "access_consent_withdrawal"
