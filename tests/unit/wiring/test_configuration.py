"""Every setting is read, and a wrong one is named in a sentence."""

from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from bhxh.kernel.errors import Invalid
from bhxh.wiring.configuration import Configuration, configuration

FIELDS = Configuration.model_fields


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in FIELDS:
        monkeypatch.delenv(Configuration.variable(field), raising=False)


def read() -> Configuration:
    return configuration.__wrapped__()


def another_value(field: str) -> tuple[str, Any]:
    """What somebody would write, different from the default, and what it should be read as."""
    kind, default = FIELDS[field].annotation, FIELDS[field].default
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next((value.value, value) for value in kind if value is not default)
    if get_origin(kind) is Literal:
        return next((value, value) for value in get_args(kind) if value != default)
    if field == "receipt_alarm_s":
        return "60, 90", (60, 90)
    if field == "trust_list_keys":
        return "keys.json", Path("keys.json")
    if field == "agency_tax_code":
        return "0100109106", "0100109106"
    if field == "bounce_address":
        return "x-1@a.vn", "x-1@a.vn"
    if field == "scanner":
        return "tcp:a.vn:3310", "tcp:a.vn:3310"
    if field == "eid_claim_names":
        return "pin=citizenPid, org_id=tax", ("pin=citizenPid", "org_id=tax")
    if get_origin(kind) is tuple:
        return "a.vn, b.vn", ("a.vn", "b.vn")
    return {int: ("77", 77), float: ("7.5", 7.5), str: ("x-1", "x-1"), Path: ("elsewhere", Path("elsewhere"))}[kind]


@pytest.mark.parametrize("field", FIELDS)
def test_each_variable_is_read(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written, expected = another_value(field)
    assert getattr(read(), field) != expected
    monkeypatch.setenv(Configuration.variable(field), written)
    assert getattr(read(), field) == expected
    assert FIELDS[field].description, "docs/configuration.md says what it is"


def test_names_that_everybody_knows_have_no_prefix() -> None:
    assert Configuration.variable("database_url") == "DATABASE_URL"
    assert Configuration.variable("custodian") == "CUSTODIAN"
    assert Configuration.variable("mail_port") == "BHXH_MAIL_PORT"


@pytest.mark.parametrize(
    ("variable", "value", "said_vi", "said_en"),
    [
        ("BHXH_MAIL_PORT", "twenty-five", "cần một số nguyên", "a whole number is needed"),
        ("BHXH_BOUNCE_ADDRESS", "nobody", "{1,23}@", "{1,23}@"),
        ("BHXH_PARTNER_TIMEOUT_S", "soon", "cần một số", "a number is needed"),
        ("BHXH_SCANNER", "clamd", "tcp:", "tcp:"),
        ("BHXH_MODE", "live", "development, production", "development, production"),
        ("CUSTODIAN", "army", "mof, mnd, mps", "mof, mnd, mps"),
        ("BHXH_RECEIPT_ALARM_S", "3600", "thiếu giá trị", "a value is missing"),
        ("BHXH_RECEIPT_ALARM_S", "1,2,3", "quá nhiều giá trị", "too many values"),
        ("BHXH_RECEIPT_ALARM_S", "1,x", "cần một số nguyên", "a whole number is needed"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(
    variable: str, value: str, said_vi: str, said_en: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(Invalid) as refused:
        read()
    assert refused.value.code == "WIR-001"
    assert f"{variable}: " in refused.value.text("vi") and said_vi in refused.value.text("vi")
    assert f"{variable}: " in refused.value.text("en") and said_en in refused.value.text("en")
    if not value.isdigit():
        assert value not in refused.value.text("vi") + refused.value.text("en")


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BHXH_MAIL_PORT", "x")
    monkeypatch.setenv("BHXH_MODE", "x")
    with pytest.raises(Invalid) as refused:
        read()
    assert {"BHXH_MAIL_PORT:", "BHXH_MODE:"} <= set(refused.value.text().split())


def test_everything_of_an_installation_follows_its_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BHXH_STATE_FOLDER", str(tmp_path))
    settings = read()
    assert {settings.key_folder, settings.warehouse_folder, settings.trust_folder} == {
        tmp_path / "keys",
        tmp_path / "warehouse",
        tmp_path / "trust",
    }
    monkeypatch.setenv("BHXH_TRUST_FOLDER", str(tmp_path / "own"))
    assert read().trust_folder == tmp_path / "own"


def test_addresses_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BHXH_DATABASE_NAME", "one")
    embedded = read()
    assert embedded.address_of_database("bhxh_app") == embedded.postgres.url("bhxh_app", "one")
    assert embedded.address_of_database("bhxh_owner") == embedded.postgres.url("bhxh_owner", "one")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@db.vn/x?sslmode=require")
    assert read().address_of_database("bhxh_app") == "postgresql://a@db.vn/one?sslmode=require", "tests never touch the database named"
    monkeypatch.delenv("BHXH_DATABASE_NAME")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@db.vn/x")
    assert {read().address_of_database(role) for role in ("bhxh_app", "bhxh_owner")} == {"postgresql://a@db.vn/x"}
    monkeypatch.setenv("BHXH_DATABASE_OWNER_URL", "postgresql://o@db.vn/x")
    assert read().address_of_database("bhxh_owner") == "postgresql://o@db.vn/x"
    assert read().address_of_database("bhxh_app") == "postgresql://a@db.vn/x"
