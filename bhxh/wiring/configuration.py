"""One typed object of everything an operator can set, read once from the environment.

`docs/configuration.md` is generated from the field descriptions. What production must not have: `production.py`.
"""

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Invalid
from bhxh.kernel.officer_names import OfficerNames
from bhxh.wiring.embedded_postgres import EmbeddedPostgres
from bhxh.wiring.errors import WIR_BAD_SETTING
from bhxh.wiring.roles import in_database

_CHECKOUT = Path(__file__).resolve().parents[2]


_ClaimName = Annotated[str, Field(pattern=r"^(pin|full_name|birth_date|account_type|org_id|acting_pin)=[^=\s]+$")]


class Configuration(BaseModel):
    """Every setting; the environment variable is the field's name in upper case with BHXH_ before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["development", "production"] = Field("development", description="production refuses sandbox partners and default secrets")
    state_folder: Path = Field(_CHECKOUT / ".bhxh", description="keys, embedded database, warehouse files")
    database_url: str = Field("", description="PostgreSQL 15 to 18; the variable is DATABASE_URL; empty: our own embedded server")
    database_owner_url: str = Field("", description="address used by `bhxh migrate`; empty: the same as DATABASE_URL")
    database_role: Literal["bhxh_app", "bhxh_owner"] = Field("bhxh_app", description="bhxh_owner migrates, bhxh_app runs")
    custodian: Custodian = Field(Custodian.MOF, description="who keeps the persons of this installation; the variable is CUSTODIAN")
    secret_key: str = Field(
        "", description="Django's secret, also of return paths of mail; made in the state folder on first run where empty"
    )
    allowed_hosts: tuple[str, ...] = Field(("127.0.0.1", "localhost"), description="host names the server answers to, comma separated")
    public_url: str = Field("http://127.0.0.1:8600", description="address printed in mails and documents")
    dossier_prefix: str = Field("G12.99.01", description="first block of dossier codes (national agency code; assumed)")
    agency_code: str = Field("00101", description="social insurance office that receives by default")
    agency_name: str = Field("Bảo hiểm xã hội Việt Nam", description="name of the receiving agency in documents")
    agency_tax_code: str = Field(
        "",
        pattern=r"^(\d{10}(-\d{3})?)?$",
        description="tax code in its own certificate; empty: no filing is taken as signed by the agency",
    )
    officer_names: OfficerNames = Field(
        OfficerNames.INITIALS, description="how much of an officer's name people are told with a look at their data (what the rules allow)"
    )
    mail_host: str = Field("127.0.0.1", description="relay that takes our mail")
    mail_port: int = Field(8725, description="its port")
    mail_encryption: Literal["none", "starttls"] = Field(
        "none", description="none: a relay on this machine or network; starttls: no letter to a relay that cannot prove its name"
    )
    mail_from: str = Field("khong-tra-loi@bhxh.example", description="sender address of notices")
    bounce_address: str = Field(
        "tra-lai@bhxh.example",
        pattern=r"^[A-Za-z0-9._-]{1,23}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
        description="mailbox for what comes back; the return path of each letter is it with `+token` before the @ (bounces.md)",
    )
    mail_alarm_percent: int = Field(5, description="share of a day's receipts not delivered from which on `/health/mail` rings")
    population_url: str = Field("http://127.0.0.1:8711", description="national population database")
    business_url: str = Field("http://127.0.0.1:8712", description="business register")
    eid_url: str = Field("http://127.0.0.1:8713", description="e-ID: token issuer (keys) and publication point of books")
    eid_issuer: str = Field("https://eid.sandbox.example", description="issuer name in e-ID tokens (real value not known here)")
    eid_audience: str = Field("bhxh", description="audience name in e-ID access tokens and portal messages")
    eid_client_id: str = Field("bhxh-portal", description="our name as a client of the e-ID's sign-in: audience of ID tokens")
    eid_scope: str = Field("openid", description="scope asked for at sign-in")
    eid_keys_path: str = Field("/.well-known/jwks.json", description="where below BHXH_EID_URL its keys are")
    eid_level_claim: str = Field("acr", description="claim of ID tokens that says the assurance level (real name not known here)")
    eid_levels: tuple[str, str] = Field(
        ("urn:sandbox:eid:level-1", "urn:sandbox:eid:level-2"), description="its values for level 1 and level 2, compared exactly"
    )
    eid_claim_names: tuple[_ClaimName, ...] = Field(
        (), description="other claim names, ours=theirs, comma separated, of: pin, full_name, birth_date, account_type, org_id, acting_pin"
    )
    session_idle_s: int = Field(1800, ge=60, le=14400, description="a session that nobody uses ends after this")
    session_longest_s: int = Field(28800, ge=60, le=43200, description="every session ends after this")
    sessions_per_account: int = Field(10, ge=1, le=100, description="of more, the oldest ends")
    fresh_login_s: int = Field(300, ge=30, le=3600, description="how long ago a sign-in may be where a fresh one is demanded")
    limit_account: int = Field(600, ge=0, description="requests of one account a minute; 0: not counted, which production refuses")
    limit_organisation: int = Field(3000, ge=0, description="requests for one organisation a minute")
    limit_machine: int = Field(1200, ge=0, description="requests of one program a minute")
    limit_address: int = Field(3000, ge=0, description="requests from one network address a minute")
    limit_sign_ins: int = Field(120, ge=0, description="steps of sign-ins from one network address a minute")
    limit_verifications: int = Field(60, ge=0, description="public verifications of codes and books from one network address a minute")
    web_processes: int = Field(1, ge=1, le=256, description="how many server processes share these limits")
    trusted_proxies: int = Field(0, ge=0, le=99, description="how many proxies of ours stand before the server and write X-Forwarded-For")
    npsp_url: str = Field("http://127.0.0.1:8714", description="national public service portal: status and results out")
    tsa_url: str = Field(
        "http://127.0.0.1:8715/tsa", description="time-stamping authority (RFC 3161) for the log's heads, seals on pages and archive copies"
    )
    remote_signing_url: str = Field(
        "http://127.0.0.1:8715", description="remote signing service that keeps filers' keys (Cloud Signature Consortium API); empty: none"
    )
    remote_signing_token: str = Field("sandbox-remote-signing", description="what we show it as its client; a secret")
    trust_folder: Path = Field(
        _CHECKOUT / ".bhxh" / "trust", description="licensed roots and intermediates as PEM, and partners' public keys"
    )
    root_key_folder: Path = Field(
        _CHECKOUT / ".bhxh" / "root-key",
        description="the root key that signs the published key set; a medium that may be away between rotations",
    )
    key_module: str = Field("", description="path of a PKCS#11 library: new seal keys are made in its module; empty: they are files")
    key_module_token: str = Field("bhxh", description="label of the token in it")
    key_module_pin_file: str = Field("", description="file that holds the token's PIN, readable by us only")
    trust_list_keys: Path | None = Field(
        None, description="public keys (JWKS) of whoever signs the list of authorities; with it only `trust.signed.json` is believed"
    )
    partner_timeout_s: float = Field(5.0, description="how long a job waits for a partner's answer")
    revocation_budget_s: float = Field(1.5, description="how long a filing waits for revocation data before it is 'pending'")
    receipt_alarm_s: tuple[int, int] = Field((3600, 5400), description="operator warned, operator called")
    officer_session_s: int = Field(
        8 * 3600, ge=60, le=12 * 3600, description="how long an officer works after showing the security key, before it is asked again"
    )
    maximum_upload_bytes: int = Field(12 * 1024 * 1024, description="largest request body that is read")
    maximum_document_bytes: int = Field(
        50 * 1024 * 1024, ge=1, le=64 * 1024 * 1024, description="largest file that an owner keeps in their warehouse"
    )
    scanner: str = Field(
        "",
        pattern=r"^(|unix:/[^\x00]+|tcp:[^\s:]+:[0-9]{1,5})$",
        description="virus scanner clamd, `unix:<path>` or `tcp:<host>:<port>`; empty: none is asked, and files say that they were not scanned",
    )
    conversion_dots_per_inch: int = Field(
        150,
        ge=72,
        le=600,
        description="fewest dots per inch of a scanned page: below it the marks of small Vietnamese letters run together",
    )
    conversion_sharpness: int = Field(
        35, ge=0, le=200, description="least sharpness of a scanned page, in hundredths: sharp print has 150, unreadable 15 (conversion.md)"
    )
    conversion_contrast: int = Field(
        40,
        ge=0,
        le=255,
        description="least contrast of a scanned page, of 255: print has 140 to 200, what is barely seen 35 (conversion.md)",
    )
    conversion_pages: int = Field(40, ge=1, le=200, description="most pages of one paper that is converted")
    pdf_copies_bytes: int = Field(
        256 * 1024 * 1024, ge=0, description="room for copies of PDFs made before, below the state folder; 0: none are kept"
    )

    @staticmethod
    def variable(field: str) -> str:
        """The environment variable a field is read from."""
        return field.upper() if field in _WITHOUT_PREFIX else f"BHXH_{field.upper()}"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us by TLS: then cookies are `__Host-`, secure, and browsers are told to come by TLS only."""
        return self.public_url.startswith("https://")

    @property
    def postgres(self) -> EmbeddedPostgres:
        """The embedded server of this state folder; used only where database_url is empty."""
        return EmbeddedPostgres(self.state_folder)

    @property
    def key_folder(self) -> Path:
        """Private keys, 0700."""
        return self.state_folder / "keys"

    @property
    def owner_key_folder(self) -> Path:
        """Master keys of the warehouse's files."""
        return self.key_folder / "warehouse"

    @property
    def newest_trust_list(self) -> Path:
        """Which issue of the list of authorities was the newest used here; not to be deleted, an older one would be believed again."""
        return self.state_folder / "trust-list-newest.json"

    @property
    def warehouse_folder(self) -> Path:
        """Content-addressed, encrypted files."""
        return self.state_folder / "warehouse"

    @property
    def pdf_folder(self) -> Path:
        """Copies of PDFs made before; may be emptied at any time."""
        return self.state_folder / "pdf"

    def address_of_database(self, role: str) -> str:
        """Connection address for one of the two roles.

        WHY a name beside the address: tests empty their tables, and must never do that in the database an operator named.
        """
        name = os.environ.get("BHXH_DATABASE_NAME", "")
        if self.database_url:
            is_owner = role == "bhxh_owner"
            address = (self.database_owner_url if is_owner else "") or self.database_url
            return in_database(address, name) if name else address
        return self.postgres.url(role, name or "bhxh")


_WITHOUT_PREFIX = {"database_url", "custodian"}
_BELOW_STATE = {"trust_folder": "trust", "root_key_folder": "root-key"}
"""Folders that lie in the state folder unless they are named."""
_LISTS = {"allowed_hosts", "receipt_alarm_s", "eid_levels", "eid_claim_names"}
_EXPECTED = {
    "string_pattern_mismatch": ("cần dạng {pattern}", "the form {pattern} is needed"),
    "int_parsing": ("cần một số nguyên", "a whole number is needed"),
    "float_parsing": ("cần một số", "a number is needed"),
    "literal_error": ("cần một trong các giá trị {expected}", "one of {expected} is needed"),
    "enum": ("cần một trong các giá trị {expected}", "one of {expected} is needed"),
    "missing": ("thiếu giá trị", "a value is missing"),
    "greater_than_equal": ("cần ít nhất {ge}", "at least {ge} is needed"),
    "less_than_equal": ("cần nhiều nhất {le}", "at most {le} is needed"),
    "too_long": ("quá nhiều giá trị", "too many values"),
}


@cache
def configuration() -> Configuration:
    """Read the environment, once. A wrong value stops the program with the variable's name. Raises Invalid WIR-001."""
    values: dict[str, object] = {}
    for field in Configuration.model_fields:
        text = os.environ.get(Configuration.variable(field))
        if text is not None:
            values[field] = [part.strip() for part in text.split(",")] if field in _LISTS else text
    try:
        read = Configuration.model_validate(values)
    except ValidationError as wrong:
        problems_vi, problems_en = zip(*(_said(problem) for problem in wrong.errors(include_input=False, include_url=False)), strict=True)
        raise Invalid(WIR_BAD_SETTING, problems_vi=" ".join(problems_vi), problems_en=" ".join(problems_en)) from None
    below_state = {name: read.state_folder / folder for name, folder in _BELOW_STATE.items() if name not in values}
    return read.model_copy(update=below_state)


def _said(problem: ErrorDetails) -> tuple[str, str]:
    """The variable and what it should hold, never what it held: that may be a secret."""
    variable = Configuration.variable(str(problem["loc"][0]))
    vi, en = _EXPECTED.get(problem["type"], ("giá trị không dùng được", "the value cannot be used"))
    of_problem = problem.get("ctx", {})
    shown = {
        "expected": str(of_problem.get("expected", "")).replace(" or ", ", ").replace("'", ""),
        **{limit: of_problem.get(limit, "") for limit in ("pattern", "ge", "le")},
    }
    return f"{variable}: {vi.format(**shown)}.", f"{variable}: {en.format(**shown)}."
