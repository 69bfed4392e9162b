"""Tables of the dossier engine. A dossier points to persons and employers by value: its lines span many persons."""

from django.db import models
from django.db.models import F, Q

from bhxh.dossiers.states import LineState, State


class Dossier(models.Model):
    """The present state of one filing. Its row is the lock of everything that belongs to it."""

    dossier_id = models.UUIDField(primary_key=True)
    code = models.TextField(unique=True)
    procedure_slug = models.TextField()
    procedure_version = models.TextField()
    channel = models.TextField()
    state = models.TextField()
    filer = models.TextField()
    """`employer:<id>` or `person:<id>`: whom idempotency is counted for."""
    employer_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    filer_email = models.TextField(default="")
    filed_by = models.TextField()
    """Account of the acting person or machine."""
    period = models.TextField(default="")
    canonical_sha256 = models.TextField()
    """Digest of the content without the signature: the same content signed twice has the same one."""
    document_sha256 = models.TextField()
    """Digest of the document as filed, signature included; the file lies in the warehouse's store."""
    source_sha256 = models.TextField(default="")
    source_name = models.TextField(default="")
    source_media_type = models.TextField(default="")
    confirmed_repairs = models.JSONField(default=list)
    idempotency_key = models.TextField()
    portal_reference = models.TextField(default="")
    proof = models.JSONField()
    """How the filing was signed or confirmed: certificate facts, revocation evidence, or the e-ID confirmation."""
    signature_pending = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    appointment_on = models.DateField(null=True)
    office = models.TextField()
    assigned_to = models.TextField(default="")
    receipt = models.BinaryField()
    """The receipt as given: flattened JWS."""
    receipt_sha256 = models.TextField(default="")
    receipt_sent_at = models.DateTimeField(null=True)
    receipt_late = models.BooleanField(default=False)
    result_sha256 = models.TextField(default="", db_default="")
    """Digest of the main result document; set together with the filer's warehouse items, so they are put there once."""
    supplement_asked_at = models.DateTimeField(null=True)
    supplement_due_on = models.DateField(null=True)
    supplement_defects = models.JSONField(default=list, db_default=[])
    """What was asked for, each with its words in both languages, its component and its line."""
    gather_rounds = models.IntegerField(default=0)
    """Rounds since the limit last started; bounds how long a silent partner is waited for."""
    next_step_at = models.DateTimeField(null=True)
    """When the sweeper must look again; empty only where the next step is a person's. Nothing sleeps for ever."""
    failed_runs = models.IntegerField(default=0, db_default=0)
    """Runs in a row that ended by an error of ours."""
    last_failure = models.TextField(default="", db_default="")
    """Kind and place of the last such error, while there is one."""
    lines_total = models.IntegerField()
    lines_pending = models.IntegerField()
    lines_clean = models.IntegerField(default=0)
    lines_officer = models.IntegerField(default=0)
    lines_refused = models.IntegerField(default=0)
    lines_superseded = models.IntegerField(default=0)
    history_length = models.IntegerField(default=0)
    decision_count = models.IntegerField(default=0)
    evidence_count = models.IntegerField(default=0)
    row_version = models.IntegerField(default=1)
    """Raised by every change; a page that was built on another one is stale."""

    class Meta:
        db_table = "dossiers_dossier"
        indexes = (
            models.Index(fields=("due_on", "dossier_id"), name="dossiers_queue", condition=Q(lines_officer__gt=0, state="IN_PROCESS")),
            models.Index(fields=("next_step_at",), name="dossiers_next_step", condition=Q(next_step_at__isnull=False)),
            models.Index(fields=("state", "dossier_id"), name="dossiers_by_state"),
            models.Index(fields=("filer", "dossier_id"), name="dossiers_by_filer"),
            models.Index(fields=("portal_reference",), name="dossiers_by_portal", condition=~Q(portal_reference="")),
            models.Index(fields=("dossier_id",), name="dossiers_failing", condition=Q(failed_runs__gt=0)),
        )
        constraints = (
            models.UniqueConstraint(fields=("filer", "idempotency_key"), name="dossiers_one_per_key"),
            models.UniqueConstraint(
                fields=("filer", "procedure_slug", "period", "canonical_sha256"),
                condition=~Q(state__in=("NOT_ACCEPTED", "STOPPED", "WITHDRAWN")),
                name="dossiers_one_per_content",
            ),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="dossiers_known_state"),
            models.CheckConstraint(
                condition=Q(state__in=("DRAFT", "SUBMITTED", "NOT_ACCEPTED", "WITHDRAWN"))
                | (~Q(receipt_sha256="") & Q(received_at__isnull=False)),
                name="dossiers_received_has_receipt",
            ),
            models.CheckConstraint(
                condition=Q(
                    lines_total=F("lines_pending") + F("lines_clean") + F("lines_officer") + F("lines_refused") + F("lines_superseded")
                ),
                name="dossiers_lines_add_up",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("RESOLVED", "RETURNED")) | Q(lines_pending=0, lines_officer=0), name="dossiers_resolved_is_done"
            ),
            models.CheckConstraint(
                condition=Q(employer_id__isnull=False, person_id__isnull=True) | Q(employer_id__isnull=True, person_id__isnull=False),
                name="dossiers_one_filer",
            ),
        )


class Transition(models.Model):
    """One step of a dossier's history. Append-only."""

    pk = models.CompositePrimaryKey("dossier_id", "n")
    dossier_id = models.UUIDField()
    n = models.IntegerField()
    from_state = models.TextField()
    to_state = models.TextField()
    actor_kind = models.TextField()
    account = models.TextField()
    at = models.DateTimeField()
    reason = models.TextField(default="")
    document_sha256 = models.TextField(default="")

    class Meta:
        db_table = "dossiers_transition"


class Move(models.Model):
    """A step that the tally has not taken up yet; written by the very statement that writes the history."""

    move_id = models.BigAutoField(primary_key=True)
    from_state = models.TextField()
    to_state = models.TextField()

    class Meta:
        db_table = "dossiers_move"


class Tally(models.Model):
    """How many dossiers stand in a state, by all steps taken up. Every dossier leaves DRAFT once: that one counts down."""

    state = models.TextField(primary_key=True)
    dossiers = models.BigIntegerField()

    class Meta:
        db_table = "dossiers_tally"


class Recount(models.Model):
    """What a count of everything found, beside the tally of the same instant. Append-only."""

    at = models.DateTimeField(primary_key=True)
    filed = models.BigIntegerField()
    disagreeing = models.BigIntegerField()
    """Dossiers whose state is not the last one of their history."""
    off_by = models.BigIntegerField()
    """By how many the tally differs, over all states."""

    class Meta:
        db_table = "dossiers_recount"


class SuppliedComponent(models.Model):
    """A document slot of a dossier: what was supplied, or from which source it was reused (R-044). Append-only."""

    pk = models.CompositePrimaryKey("dossier_id", "n")
    dossier_id = models.UUIDField()
    n = models.IntegerField()
    code = models.TextField()
    is_reused = models.BooleanField()
    source_kind = models.TextField()
    source_system = models.TextField()
    source_record_id = models.TextField(default="")
    fetched_at = models.DateTimeField(null=True)
    content_sha256 = models.TextField(default="")
    media_type = models.TextField(default="")

    class Meta:
        db_table = "dossiers_component"


class Evidence(models.Model):
    """One partner's answer, or that it gave none. Append-only."""

    pk = models.CompositePrimaryKey("dossier_id", "n")
    dossier_id = models.UUIDField()
    n = models.IntegerField()
    register = models.TextField()
    subject = models.TextField()
    kind = models.TextField()
    source_kind = models.TextField()
    source_system = models.TextField()
    record_id = models.TextField(default="")
    fetched_at = models.DateTimeField()
    content = models.JSONField(default=dict)
    content_sha256 = models.TextField(default="")

    class Meta:
        db_table = "dossiers_evidence"
        indexes = (models.Index(fields=("dossier_id", "register", "subject"), name="dossiers_evidence_subject"),)


class Line(models.Model):
    """The present state of one line."""

    pk = models.CompositePrimaryKey("dossier_id", "number")
    dossier_id = models.UUIDField()
    number = models.IntegerField()
    pin = models.TextField()
    state = models.TextField(default=LineState.PENDING.value)
    person_id = models.BigIntegerField(null=True)
    content = models.JSONField()
    findings = models.JSONField(default=list)
    proposal = models.TextField(default="")
    """What the rules proposed."""
    appraisal_n = models.IntegerField(null=True)
    """The appraisal that waits for a second officer."""
    decision_n = models.IntegerField(null=True)

    class Meta:
        db_table = "dossiers_line"
        indexes = (models.Index(fields=("dossier_id", "state", "number"), name="dossiers_line_state"),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=[state.value for state in LineState]), name="dossiers_line_known_state"),
            models.CheckConstraint(
                condition=~Q(state__in=("clean", "refused")) | Q(decision_n__isnull=False), name="dossiers_line_decided_has_decision"
            ),
        )


class Decision(models.Model):
    """A signed, possibly partial decision. Append-only."""

    pk = models.CompositePrimaryKey("dossier_id", "n")
    dossier_id = models.UUIDField()
    n = models.IntegerField()
    kind = models.TextField()
    """`automatic` or `officers`."""
    at = models.DateTimeField()
    appraiser = models.TextField()
    approver = models.TextField()
    rule_version = models.TextField()
    payload = models.BinaryField()
    """Canonical JSON: findings, clauses, figures."""
    payload_sha256 = models.TextField()
    sealed = models.BinaryField()
    """The payload as flattened JWS."""
    kid = models.TextField()
    granted_lines = models.JSONField()
    refused_lines = models.JSONField()
    touched_person_ids = models.JSONField()

    class Meta:
        db_table = "dossiers_decision"


class Appraisal(models.Model):
    """A first officer's proposal that waits for the second. Append-only; a line points to the one in force."""

    pk = models.CompositePrimaryKey("dossier_id", "n")
    dossier_id = models.UUIDField()
    n = models.IntegerField()
    officer = models.TextField()
    at = models.DateTimeField()
    proposal = models.TextField()
    reason = models.TextField()
    line_numbers = models.JSONField()

    class Meta:
        db_table = "dossiers_appraisal"


class Serial(models.Model):
    """The last serial given by an office on a day."""

    pk = models.CompositePrimaryKey("prefix", "day")
    prefix = models.TextField()
    day = models.DateField()
    last = models.IntegerField()

    class Meta:
        db_table = "dossiers_serial"


class Draft(models.Model):
    """A prepared document that waits for its signature."""

    draft_id = models.UUIDField(primary_key=True)
    filer = models.TextField()
    account = models.TextField()
    procedure_slug = models.TextField()
    prepared = models.BinaryField()
    """The canonical document with the place of the signature still empty."""
    to_sign = models.BinaryField()
    certificate = models.BinaryField()
    source_sha256 = models.TextField(default="")
    source_name = models.TextField(default="")
    source_media_type = models.TextField(default="")
    confirmed_repairs = models.JSONField(default=list)
    prepared_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    remote_request = models.TextField(default="", db_default="")
    """What a remote signing service calls its question to the holder; empty while none is open."""
    remote_asked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dossiers_draft"
        indexes = (models.Index(fields=("expires_at",), name="dossiers_draft_expiry"),)


class AnswerDraft(models.Model):
    """What a person filled in on pages and has not filed yet: as it was typed, right or wrong."""

    draft_id = models.UUIDField(primary_key=True)
    person_id = models.BigIntegerField()
    """Whose it is: nobody else's account reads it, but the officer's who types it for them."""
    officer = models.TextField(default="", db_default="")
    """Account of the officer at whose counter the person stands; empty: they type themselves."""
    procedure_slug = models.TextField()
    typed = models.JSONField(default=dict)
    """Name of an input -> what was typed there."""
    pages = models.JSONField(default=dict)
    """Code of a page -> the version it was saved as, when, and by which showing of it."""
    files = models.JSONField(default=list)
    """Uploads of the warehouse, each with its component and the name it had."""
    version = models.IntegerField(default=1)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    filed_code = models.TextField(default="")
    """Code of the dossier it became; what was typed is gone then."""

    class Meta:
        db_table = "dossiers_answers"
        indexes = (
            models.Index(fields=("person_id", "draft_id"), name="dossiers_answers_person"),
            models.Index(fields=("expires_at",), name="dossiers_answers_expiry"),
            models.Index(fields=("officer", "saved_at"), condition=~models.Q(officer=""), name="dossiers_answers_officer"),
        )


class ListCheck(models.Model):
    """A list that was uploaded to be judged before it is signed."""

    check_id = models.UUIDField(primary_key=True)
    filer = models.TextField()
    account = models.TextField()
    asker = models.JSONField()
    """Who asked, as the looks of the judging name them."""
    procedure_slug = models.TextField()
    once = models.TextField()
    """The upload's key: sent twice it is one list."""
    source = models.BinaryField()
    source_sha256 = models.TextField()
    source_name = models.TextField()
    source_media_type = models.TextField()
    size_bytes = models.IntegerField()
    period = models.TextField()
    batch = models.IntegerField()
    confirmed_repairs = models.JSONField(default=list)
    state = models.TextField()
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    kinds = models.JSONField(default=dict)
    money = models.JSONField(default=dict)
    refusal = models.JSONField(default=dict)
    wrong_lines = models.JSONField(default=list)
    person_ids = models.JSONField(default=list)
    """Whom the list names: whoever fetches the file is seen by them."""
    found = models.BinaryField(default=b"")
    """Lines worth showing: packed JSON."""
    marked = models.BinaryField(default=b"")
    """The workbook with its result column."""
    prepared = models.JSONField(default=list)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "dossiers_list_check"
        indexes = (
            models.Index(fields=("filer", "check_id"), name="dossiers_list_check_filer"),
            models.Index(fields=("expires_at",), name="dossiers_list_check_expiry"),
        )
        constraints = (
            models.UniqueConstraint(fields=("filer", "once"), name="dossiers_list_check_once"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "reading", "checking", "done", "refused", "failed")), name="dossiers_list_check_state"
            ),
        )


class CounterFiling(models.Model):
    """What an officer filed for somebody who cannot sign in, until that person confirms or refuses it."""

    dossier_id = models.UUIDField(primary_key=True)
    person_id = models.BigIntegerField()
    officer = models.TextField()
    """Account of the officer who filed and signed."""
    why = models.TextField()
    """Why the person could not do it themselves: a word of `facts.WhyAtCounter`."""
    filed_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    """When the person is reminded; empty once they were, or once they answered."""
    answer = models.TextField(default="", db_default="")
    """`confirmed`, `refused`; empty while they are silent."""
    answered_at = models.DateTimeField(null=True)
    confirmation_sha256 = models.TextField(default="", db_default="")
    """Digest of the person's own sealed confirmation."""

    class Meta:
        db_table = "dossiers_counter_filing"
        indexes = (
            models.Index(fields=("person_id", "dossier_id"), name="dossiers_counter_person"),
            models.Index(fields=("remind_at",), name="dossiers_counter_remind", condition=Q(remind_at__isnull=False)),
            models.Index(fields=("answered_at",), name="dossiers_counter_refused", condition=Q(answer="refused")),
        )
        constraints = (
            models.CheckConstraint(condition=Q(answer__in=("", "confirmed", "refused")), name="dossiers_counter_known_answer"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False, remind_at__isnull=True)),
                name="dossiers_counter_answered_once",
            ),
        )
