"""Tables of the registry: present state (mutable, also the lock row) beside history (append-only, with provenance).

Every history row states something about a span of valid time; of two rows that cover the same day, the one recorded
later wins. So "what did we know on D about day V" is a filter on two columns, never a reconstruction.
"""

# ruff: noqa: RUF012 (Django reads Meta.constraints as a plain list)
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform


class Sourced(models.Model):
    """Where a row came from and when this installation learned it."""

    recorded_at = models.DateTimeField()
    source_kind = models.TextField()
    """decree-164 section 8.9: NPSP, NATIONAL_DB, SPECIALISED_DB, WAREHOUSE, SUBMITTER, OFFICER."""
    source_system = models.TextField()
    source_record_id = models.TextField(default="")
    fetched_at = models.DateTimeField(null=True)
    content_sha256 = models.TextField(default="")
    dossier_id = models.UUIDField(null=True)
    officer = models.TextField(default="")

    class Meta:
        abstract = True


class Person(models.Model):
    """A person as known now, and the row that is locked before anything of the person changes."""

    person_id = models.BigIntegerField(primary_key=True)
    """From our own sequence; never shown."""
    si_code = models.TextField()
    pin = models.TextField(default="")
    full_name = models.TextField()
    full_name_search = models.TextField(db_index=True)
    birth_on = models.DateField()
    birth_precision = models.TextField(default="DAY")
    sex = models.TextField()
    nationality = models.TextField(default="VN")
    ethnicity = models.TextField(default="")
    permanent_ward = models.TextField(default="")
    permanent_street = models.TextField(default="")
    vital_status = models.TextField(default="ALIVE")
    died_on = models.DateField(null=True)
    verification = models.TextField(default="UNVERIFIED")
    verified_at = models.DateTimeField(null=True)
    mismatch_fields = models.JSONField(default=list)
    managed_by = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_person"
        constraints = [
            models.CheckConstraint(name="registry_person_si_code_form", condition=Q(si_code__regex=r"^([0-9]{10}|[0-9]{12})$")),
            models.CheckConstraint(name="registry_person_code_is_pin", condition=Q(pin="") | Q(pin=models.F("si_code"))),
            models.CheckConstraint(name="registry_person_sex", condition=Q(sex__in=["MALE", "FEMALE", "UNDETERMINED"])),
            models.CheckConstraint(name="registry_person_precision", condition=Q(birth_precision__in=["DAY", "MONTH", "YEAR"])),
            models.CheckConstraint(name="registry_person_birth", condition=Q(birth_on__gte="1890-01-01")),
            models.CheckConstraint(name="registry_person_vital", condition=Q(vital_status__in=["ALIVE", "DECEASED", "MISSING"])),
            models.CheckConstraint(
                name="registry_person_verification", condition=Q(verification__in=["UNVERIFIED", "VERIFIED", "MISMATCH"])
            ),
            models.CheckConstraint(name="registry_person_custodian", condition=Q(managed_by__in=["mof", "mnd", "mps"])),
        ]


class Identifier(models.Model):
    """Who holds a number. A number given once never moves to somebody else: the table is append-only.

    For a person of another custodian this row is all there is (the opaque marker).
    """

    pk = models.CompositePrimaryKey("scheme", "value")
    scheme = models.TextField()
    value = models.TextField()
    person_id = models.BigIntegerField(db_index=True)
    managed_by = models.TextField()
    """The keeper when the row was written; a person row, where there is one, knows the present keeper."""
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_identifier"


class PersonFact(Sourced):
    """One named fact of a person over a span of days."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    name = models.TextField()
    value = models.JSONField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "registry_person_fact"
        indexes = [
            models.Index(
                KeyTextTransform("pin", "value"),
                condition=Q(name__in=("father", "legal_representative", "mother")),
                name="registry_fact_representative",
            )
        ]


class Contact(models.Model):
    """How a person is reached now. Its history is in the facts."""

    person_id = models.BigIntegerField(primary_key=True)
    email = models.TextField(default="")
    mobile_phone = models.TextField(default="")
    current_ward = models.TextField(default="")
    current_street = models.TextField(default="")
    preferred_channel = models.TextField(default="EMAIL")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_contact"


class Household(models.Model):
    """A household and where it is."""

    household_id = models.BigIntegerField(primary_key=True)
    code = models.TextField(default="")
    ward = models.TextField(default="")
    street = models.TextField(default="")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_household"


class HouseholdMember(Sourced):
    """Membership of one person in a household over a span of days."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    household_id = models.BigIntegerField(db_index=True)
    relation = models.TextField()
    """decree-164 section 8.6; 00 is the head."""
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        db_table = "registry_household_member"


class Employer(models.Model):
    """An employer as known now."""

    employer_id = models.BigIntegerField(primary_key=True)
    unit_code = models.TextField(unique=True)
    tax_code = models.TextField()
    name = models.TextField()
    name_search = models.TextField(db_index=True)
    agency_code = models.TextField()
    industry = models.TextField(default="")
    enterprise_type = models.TextField(default="OTHER")
    wage_region = models.SmallIntegerField()
    email = models.TextField(default="")
    phone = models.TextField(default="")
    head_office_ward = models.TextField(default="")
    head_office_street = models.TextField(default="")
    legal_representative_pin = models.TextField(default="")
    status = models.TextField(default="ACTIVE")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_employer"
        constraints = [
            models.UniqueConstraint(name="registry_employer_tax_code", fields=["tax_code"], condition=~Q(tax_code="")),
            models.CheckConstraint(name="registry_employer_region", condition=Q(wage_region__gte=1, wage_region__lte=4)),
        ]
        indexes = [
            models.Index(
                fields=["legal_representative_pin"], name="registry_employer_represented", condition=~Q(legal_representative_pin="")
            ),
        ]


class EmployerFact(Sourced):
    """One named fact of an employer over a span of days."""

    pk = models.CompositePrimaryKey("employer_id", "n")
    employer_id = models.BigIntegerField()
    n = models.IntegerField()
    name = models.TextField()
    value = models.JSONField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "registry_employer_fact"


class Participation(Sourced):
    """What holds between a person and an employer (0: none, voluntary) over a span of months."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    employer_id = models.BigIntegerField(db_index=True)
    participant_type = models.TextField()
    job_title = models.TextField(default="")
    workplace = models.TextField(default="")
    wage_vnd = models.BigIntegerField()
    from_month = models.IntegerField()
    until_month = models.IntegerField(null=True)
    change_code = models.TextField(default="")
    left_funds = models.TextField(default="", db_default="")
    """Funds that are not paid, by name in order, with commas between; empty where all are."""
    status = models.TextField()
    """WORKING, ON_LEAVE or ENDED."""

    class Meta:
        db_table = "registry_participation"
        constraints = [
            models.CheckConstraint(name="registry_participation_status", condition=Q(status__in=["WORKING", "ON_LEAVE", "ENDED"])),
            models.CheckConstraint(
                name="registry_participation_span", condition=Q(until_month=None) | Q(until_month__gt=models.F("from_month"))
            ),
        ]


class HealthCard(Sourced):
    """A health-insurance card, or a later state of it (same code, later row)."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    card_code = models.TextField()
    participant_type = models.TextField()
    benefit_level = models.SmallIntegerField()
    facility_code = models.TextField(default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    five_year_on = models.DateField(null=True)
    area_code = models.TextField(default="")
    state = models.TextField(default="VALID")
    reason = models.TextField(default="")

    class Meta:
        db_table = "registry_health_card"
        constraints = [
            models.CheckConstraint(
                name="registry_health_card_state",
                condition=Q(state__in=["VALID", "WITHDRAWN", "TEMP_LOCKED", "EXPIRED", "REPLACED"]),
            ),
        ]


class UnemploymentCover(Sourced):
    """Contribution months kept for a later unemployment benefit, as of a day."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    preserved_months = models.IntegerField()
    as_of_on = models.DateField()
    note = models.TextField(default="")

    class Meta:
        db_table = "registry_unemployment_cover"
        constraints = [models.CheckConstraint(name="registry_unemployment_cover_months", condition=Q(preserved_months__gte=0))]


class BenefitEvent(Sourced):
    """A benefit awarded, or a later state of the same award (same scheme and decision number)."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    scheme = models.TextField()
    decision_number = models.TextField()
    decided_on = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    amount_vnd = models.BigIntegerField()
    paying_office = models.TextField(default="")
    status = models.TextField()

    class Meta:
        db_table = "registry_benefit_event"


class SettlementEvent(Sourced):
    """The settlement of a scheme in one dossier, or a later state of it (same dossier code)."""

    pk = models.CompositePrimaryKey("person_id", "n")
    person_id = models.BigIntegerField()
    n = models.IntegerField()
    scheme = models.TextField()
    dossier_code = models.TextField()
    settled_on = models.DateField()
    office = models.TextField(default="")
    state = models.TextField()

    class Meta:
        db_table = "registry_settlement_event"


class ReferenceSet(models.Model):
    """Which edition of a shipped table is loaded, so that loading again does nothing."""

    name = models.TextField(primary_key=True)
    content_sha256 = models.TextField()
    row_count = models.IntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "registry_reference_set"


class AdministrativeUnit(models.Model):
    """A province, district or ward during the days its code and name were in force."""

    pk = models.CompositePrimaryKey("level", "code", "valid_from")
    level = models.TextField()
    """PROVINCE, DISTRICT or WARD."""
    code = models.TextField()
    parent_code = models.TextField(default="")
    province_code = models.TextField()
    name = models.TextField()
    name_search = models.TextField(db_index=True)
    unit_type = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    is_day_assumed = models.BooleanField()
    """The day of the change is not known exactly (a copy of the list shows only that it happened)."""

    class Meta:
        db_table = "registry_administrative_unit"


class UnitMapping(models.Model):
    """Where an old province or ward went in the reform of July 2025."""

    pk = models.CompositePrimaryKey("level", "old_code", "new_code")
    level = models.TextField()
    old_code = models.TextField()
    new_code = models.TextField()
    is_partial = models.BooleanField()

    class Meta:
        db_table = "registry_unit_mapping"


class HealthFacility(models.Model):
    """A health facility where a card can be registered."""

    facility_code = models.TextField(primary_key=True)
    province_code = models.TextField()
    name = models.TextField()
    name_search = models.TextField(db_index=True)

    class Meta:
        db_table = "registry_health_facility"


class Office(models.Model):
    """A social insurance office during the days its name and address were in force."""

    pk = models.CompositePrimaryKey("code", "valid_from")
    code = models.TextField()
    level = models.TextField()
    """PROVINCE or GRASS_ROOTS."""
    parent_code = models.TextField(default="")
    """Of the province's office; empty for that one itself."""
    province_code = models.TextField()
    ward_code = models.TextField()
    """Where the building stands."""
    name = models.TextField()
    name_search = models.TextField(db_index=True)
    address = models.TextField()
    phone = models.TextField(default="")
    opening_hours = models.TextField(default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        db_table = "registry_office"


class CodeListItem(models.Model):
    """One entry of a small code list: ethnic groups, nationalities, relations, participant types ..."""

    pk = models.CompositePrimaryKey("list_name", "code")
    list_name = models.TextField()
    code = models.TextField()
    name_vi = models.TextField()
    name_en = models.TextField(default="")
    extra = models.TextField(default="")

    class Meta:
        db_table = "registry_code_list_item"


class DayOff(models.Model):
    """A day that breaks the rule "Monday to Friday are worked"."""

    day = models.DateField(primary_key=True)
    is_worked = models.BooleanField()
    """True: a weekend day worked in exchange."""
    name_vi = models.TextField()
    name_en = models.TextField(default="")
    is_forecast = models.BooleanField()

    class Meta:
        db_table = "registry_day_off"
