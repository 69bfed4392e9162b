"""What production must not have: sandbox partners, default secrets, open hosts, a schema of another release. Refused at start-up."""

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from bhxh.kernel.errors import BhxhError, Conflict, Invalid
from bhxh.wiring.configuration import Configuration
from bhxh.wiring.errors import (
    WIR_MISSING_MIGRATIONS,
    WIR_NO_LIMIT,
    WIR_NOT_FOR_PRODUCTION,
    WIR_NOT_TLS,
    WIR_OPEN_HOSTS,
    WIR_SANDBOX_PARTNER,
    WIR_SANDBOX_TRUST,
    WIR_SYNTHETIC_DATA,
    WIR_UNSIGNED_TRUST,
    WIR_WEAK_SECRET,
)

_ADDRESSES = ("population_url", "business_url", "eid_url", "eid_issuer", "npsp_url", "tsa_url", "public_url")
_LIMITS = ("limit_account", "limit_organisation", "limit_machine", "limit_address", "limit_sign_ins", "limit_verifications")
_RESERVED = ("localhost", "example", "test", "invalid", "example.com", "example.net", "example.org")
"""Names that belong to nobody (RFC 2606 and 6761)."""
_RELAY_PORTS = frozenset({25, 465, 587})
_SECRET_LENGTH, _SECRET_VARIETY = 50, 5  # what Django's own deployment check asks


def check_production(of: Configuration) -> None:
    """Name everything at once that keeps this configuration from production; nothing in development. Raises Invalid WIR-002."""
    problems = list(_problems(of)) if of.mode == "production" else []
    if problems:
        raise Invalid(
            WIR_NOT_FOR_PRODUCTION,
            problems_vi=" ".join(problem.text("vi") for problem in problems),
            problems_en=" ".join(problem.text("en") for problem in problems),
        )


def check_schema(of: Configuration) -> None:
    """In production the database has every migration of this release. Needs Django set up. Raises Conflict WIR-007."""
    if of.mode != "production":
        return
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Conflict(WIR_MISSING_MIGRATIONS, count=len(missing), first=f"{missing[0][0].app_label}.{missing[0][0].name}")


def check_command(of: Configuration, command: str) -> None:
    """Keep fictitious people out of a real register. Raises Conflict WIR-008."""
    if of.mode == "production" and command == "generate":
        raise Conflict(WIR_SYNTHETIC_DATA)


def _problems(of: Configuration) -> Iterator[BhxhError]:
    for field in _ADDRESSES:
        host = urlsplit(getattr(of, field)).hostname or getattr(of, field)
        if _is_sandbox(host):
            yield Invalid(WIR_SANDBOX_PARTNER, variable=of.variable(field), host=host or "?")
    if of.remote_signing_url:
        yield from _of_remote_signing(of)
    for value in of.eid_levels:
        if "sandbox" in value:
            yield Invalid(WIR_SANDBOX_PARTNER, variable=of.variable("eid_levels"), host=value)
    if not of.is_https:
        yield Invalid(WIR_NOT_TLS)
    for field in _LIMITS:
        if getattr(of, field) == 0:
            yield Invalid(WIR_NO_LIMIT, variable=of.variable(field))
    # WHY the port: a relay on the same machine is usual in production, one on another port is the sandbox's.
    if _is_sandbox(of.mail_host) and not (_is_this_machine(of.mail_host) and of.mail_port in _RELAY_PORTS):
        yield Invalid(WIR_SANDBOX_PARTNER, variable=of.variable("mail_host"), host=f"{of.mail_host}:{of.mail_port}")
    for field in ("mail_from", "bounce_address"):
        domain = getattr(of, field).rpartition("@")[2].rstrip(">")
        if _is_sandbox(domain):
            yield Invalid(WIR_SANDBOX_PARTNER, variable=of.variable(field), host=domain or "?")
    if len(of.secret_key) < _SECRET_LENGTH or len(set(of.secret_key)) < _SECRET_VARIETY:
        yield Invalid(WIR_WEAK_SECRET)
    if not of.allowed_hosts or any(host.strip(".") in {"", "*"} for host in of.allowed_hosts):
        yield Invalid(WIR_OPEN_HOSTS)
    for file in _sandbox_authorities(of.trust_folder):
        yield Invalid(WIR_SANDBOX_TRUST, file=file)
    if of.trust_list_keys is None:
        yield Invalid(WIR_UNSIGNED_TRUST)


def _of_remote_signing(of: Configuration) -> Iterator[BhxhError]:
    host = urlsplit(of.remote_signing_url).hostname or of.remote_signing_url
    if _is_sandbox(host):
        yield Invalid(WIR_SANDBOX_PARTNER, variable=of.variable("remote_signing_url"), host=host)
    if not of.remote_signing_token or "sandbox" in of.remote_signing_token:
        yield Invalid(WIR_SANDBOX_PARTNER, variable=of.variable("remote_signing_token"), host="sandbox")


def _is_sandbox(host: str) -> bool:
    name = host.strip("[]").rstrip(".").casefold()
    return not name or _is_this_machine(name) or any(name == one or name.endswith(f".{one}") for one in _RESERVED)


def _is_this_machine(host: str) -> bool:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host.rstrip(".").casefold() == "localhost"
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _sandbox_authorities(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("sandbox-*.pem"))
