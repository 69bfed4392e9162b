"""The real application over a prepared database of its own, with the real sandbox; every test's changes are rolled back."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest

from bhxh.doors.list_room import ListRoom
from tests.contracts.conftest import _free_base
from tests.doors.cli_runs import bhxh, environment, forking, inside, keys_file
from tests.doors.world import CITIZENS, EMPLOYERS, SEED, World, bindings, prepare
from tools.databases import drop_database

if TYPE_CHECKING:  # WHY not loaded: most tests of doors need no browser
    from playwright.sync_api import Browser

    from tests.doors.live import Live

__all__ = ["bhxh", "environment", "forking", "inside", "keys_file"]

_DATABASE = f"bhxh_doors_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"


@pytest.fixture
def asked_anew() -> Iterator[Callable[[], None]]:
    """Nothing of the system's state is taken from memory; what is called forgets it once more."""
    from bhxh.doors import system_state

    def forget() -> None:
        system_state._state.cache_clear()
        system_state._registers.cache_clear()

    forget()
    yield forget
    forget()


@pytest.fixture(scope="session")
def world(database_server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """People, officers, a filed list with its decisions and books, committed in a database beside the tests' own."""
    from django.db import connection

    from bhxh.connectors.http_client.assertion import publish_keys
    from bhxh.doors.jobs import tasks
    from bhxh.signing.key_files import FileKeys
    from bhxh.wiring.composition import bind
    from bhxh.wiring.configuration import configuration
    from sandbox.supervisor import Ports, Sandbox
    from tests.conftest import _admin_url, _template_name

    folder = tmp_path_factory.mktemp("doors")
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        drop_database(admin, _DATABASE)
        admin.execute(f"CREATE DATABASE {_DATABASE} TEMPLATE {_template_name()} OWNER bhxh_owner")
    sandbox = Sandbox(folder / "sandbox", Ports.from_base(_free_base()), seed=SEED, citizens=CITIZENS, employers=EMPLOYERS)
    settings = configuration().model_copy(
        update={
            "state_folder": folder,
            "trust_folder": sandbox.folder / "pki" / "trust",
            "root_key_folder": folder / "root-key",
            "mail_port": sandbox.ports.smtp,
            **{f"limit_{of}": 0 for of in ("account", "organisation", "machine", "address", "sign_ins", "verifications")},
            **{f"{name}_url": sandbox.url(name) for name in ("population", "business", "eid", "npsp")},
            "remote_signing_url": sandbox.url("pki"),
            "tsa_url": f"{sandbox.url('pki')}/tsa",
        }
    )
    keys = FileKeys(settings.key_folder, settings.custodian)
    publish_keys([keys.seal_key("machine")], sandbox.client_keys_file)
    publish_keys([keys.seal_key("book")], sandbox.book_keys_file)
    tasks.declare()
    with sandbox:
        with _on_database(_DATABASE), bindings():
            bind(settings)
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE bhxh_app")
            made = prepare(sandbox, settings)
        # WHY outside: this lives as long as the session, and tests of other rooms run on this worker meanwhile.
        yield made


@pytest.fixture
def api(world: World) -> Iterator[World]:
    """The same, as each test finds it: what the test changes is rolled back."""
    from django.db import connection, transaction

    from bhxh.doors import partners
    from bhxh.wiring.composition import bind

    with _on_database(_DATABASE), bindings():
        bind(world.settings)
        partners.bind(replace(partners.partners(), list_room=_RoomHere(())))
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        world.keep_officers_signed_in()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE bhxh_app")
            yield world
            transaction.set_rollback(True)
        connection.close()
    while world.faulty:
        world.sandbox.set_fault(world.faulty.pop(), "ok")


class _RoomHere(ListRoom):
    """WHY not the child process: it would not see what this transaction has not committed. Its own tests: tests/unit/doors."""

    def run(self, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return work(*arguments, **named)


def _on_database(name: str):
    from contextlib import contextmanager

    from django.db import connection

    @contextmanager
    def switched() -> Iterator[None]:
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before

    return switched()


@pytest.fixture(scope="module")
def live(world: World) -> Iterator["Live"]:
    """The same application behind a real socket, for the browser tests of one module."""
    from tests.doors.chromium import demand_chromium
    from tests.doors.live import running

    demand_chromium("NOT LOOKED AT")
    with running(world, _DATABASE) as made:
        yield made


@pytest.fixture(scope="module")
def browser(live: "Live") -> Iterator["Browser"]:
    """WHY one for each module: while one is open, Django takes this process for an asynchronous one and other tests fail. For the same
    reason the application stands before and after it."""
    from tests.doors.chromium import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture
def dossier_id(api: World) -> UUID:
    from bhxh.dossiers.queries import get_dossier

    return get_dossier(api.code).dossier_id
