"""Production starts only without sandbox partners, default secrets and open hosts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bhxh.kernel.errors import Conflict, Invalid
from bhxh.wiring.configuration import Configuration
from bhxh.wiring.production import check_command, check_production

ROOT = Path(__file__).resolve().parents[3]
SECRET = "k3u8-Zq0vN2xR7pL5wT9sY1dF4gH6jB-mC_aEoIiUyXnWvQtPr"


@pytest.fixture
def sound(tmp_path: Path) -> Configuration:
    return Configuration(
        mode="production",
        state_folder=tmp_path,
        trust_folder=tmp_path,
        trust_list_keys=tmp_path / "trust-list-keys.json",
        secret_key=SECRET,
        allowed_hosts=("bhxh.gov.vn",),
        public_url="https://bhxh.gov.vn",
        mail_host="mail.bhxh.gov.vn",
        mail_port=25,
        mail_from="khong-tra-loi@bhxh.gov.vn",
        bounce_address="tra-lai@bhxh.gov.vn",
        population_url="https://csdldc.gov.vn",
        business_url="https://dkkd.gov.vn",
        eid_url="https://vneid.gov.vn",
        eid_issuer="VNeID",
        eid_levels=("1", "2"),
        npsp_url="https://dichvucong.gov.vn",
        tsa_url="http://tsa.gov.vn",
        remote_signing_url="https://kyso.gov.vn",
        remote_signing_token="9f2c4e1b",
    )


def problems(of: Configuration) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        check_production(of)
    assert refused.value.code == "WIR-002"
    return refused.value.text("vi"), refused.value.text("en")


def test_a_sound_configuration_starts(sound: Configuration) -> None:
    check_production(sound)


def test_development_may_have_them_all() -> None:
    check_production(Configuration())
    check_command(Configuration(), "generate")


def test_the_defaults_are_refused_and_everything_is_named_at_once() -> None:
    vi, en = problems(Configuration(mode="production"))
    for variable in (
        "POPULATION_URL",
        "BUSINESS_URL",
        "EID_URL",
        "EID_ISSUER",
        "NPSP_URL",
        "TSA_URL",
        "REMOTE_SIGNING_URL",
        "REMOTE_SIGNING_TOKEN",
        "PUBLIC_URL",
        "MAIL_HOST",
        "MAIL_FROM",
        "SECRET_KEY",
    ):
        assert f"BHXH_{variable} " in vi and f"BHXH_{variable} " in en


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8711", "127.9.9.9", "[::1]:80", "[::ffff:127.0.0.1]", "0.0.0.0", "localhost", "LOCALHOST.", "a.localhost", "eid.sandbox.example", "x.test", "example.com"]
)  # fmt: skip
@pytest.mark.parametrize(
    "field", ["population_url", "business_url", "eid_url", "eid_issuer", "npsp_url", "tsa_url", "remote_signing_url", "public_url"]
)
def test_no_partner_may_be_a_sandbox(sound: Configuration, field: str, host: str) -> None:
    vi, en = problems(sound.model_copy(update={field: f"https://{host}"}))
    assert Configuration.variable(field) in vi and Configuration.variable(field) in en


def test_without_a_remote_signing_service_nothing_of_it_is_asked(sound: Configuration) -> None:
    check_production(sound.model_copy(update={"remote_signing_url": "", "remote_signing_token": ""}))
    for token in ("", "sandbox-remote-signing"):
        assert "BHXH_REMOTE_SIGNING_TOKEN" in problems(sound.model_copy(update={"remote_signing_token": token}))[0]


@pytest.mark.parametrize("host", ["", "localhost.gov.vn.example", "mail.test"])
def test_nor_may_the_relay(sound: Configuration, host: str) -> None:
    assert "BHXH_MAIL_HOST" in problems(sound.model_copy(update={"mail_host": host}))[0]


def test_a_relay_on_this_machine_is_usual(sound: Configuration) -> None:
    check_production(sound.model_copy(update={"mail_host": "127.0.0.1", "mail_port": 25}))
    assert "127.0.0.1:8725" in problems(sound.model_copy(update={"mail_host": "127.0.0.1", "mail_port": 8725}))[1]


def test_names_that_only_look_like_reserved_ones_are_let_through(sound: Configuration) -> None:
    check_production(
        sound.model_copy(update={"eid_url": "https://myexample.vn", "npsp_url": "https://test.gov.vn", "business_url": "http://10.1.2.3"})
    )


@pytest.mark.parametrize("secret", ["", "short", "a" * 80])
def test_no_weak_secret(sound: Configuration, secret: str) -> None:
    vi, en = problems(sound.model_copy(update={"secret_key": secret}))
    assert "BHXH_SECRET_KEY" in vi and "BHXH_SECRET_KEY" in en
    assert len(secret) < 6 or secret not in vi + en


@pytest.mark.parametrize("hosts", [(), ("*",), ("bhxh.gov.vn", "*"), ("",), (".",)])
def test_no_open_hosts(sound: Configuration, hosts: tuple[str, ...]) -> None:
    assert "BHXH_ALLOWED_HOSTS" in problems(sound.model_copy(update={"allowed_hosts": hosts}))[0]


def test_no_sandbox_authority_is_trusted(sound: Configuration) -> None:
    (sound.trust_folder / "sandbox-root.pem").touch()
    assert "sandbox-root.pem" in problems(sound)[0]


def test_an_unsigned_list_of_authorities_is_not_believed(sound: Configuration) -> None:
    vi, en = problems(sound.model_copy(update={"trust_list_keys": None}))
    assert "BHXH_TRUST_LIST_KEYS" in vi and "BHXH_TRUST_LIST_KEYS" in en


def test_fictitious_people_stay_out(sound: Configuration) -> None:
    with pytest.raises(Conflict) as refused:
        check_command(sound, "generate")
    assert refused.value.code == "WIR-008"
    check_command(sound, "work")


def start(*program: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BHXH_")} | {"BHXH_MODE": "production"}
    return subprocess.run([sys.executable, *program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("program", [("-m", "bhxh.wiring", "work"), ("-m", "bhxh.wiring", "migrate"), ("-c", "import bhxh.wiring.wsgi")])
def test_every_program_refuses_with_a_sentence_and_no_traceback(program: tuple[str, ...]) -> None:
    done = start(*program)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Không khởi động ở chế độ vận hành chính thức" in said and "Not started in production mode" in said
    assert "Traceback" not in said
