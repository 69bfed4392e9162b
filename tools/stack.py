"""The whole installation as child processes: database, sandbox partners, web server, worker. For demo, serve, tests, bench."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Stack:
    """One installation in one state folder, on ports from `base_port` up (below the ephemeral range)."""

    state_folder: Path
    database: str = "bhxh"
    base_port: int = 8600
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What every child process is told."""
        ports = self.base_port
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "BHXH_STATE_FOLDER": str(self.state_folder),
            "BHXH_DATABASE_NAME": self.database,
            "BHXH_PUBLIC_URL": self.address,
            "BHXH_POPULATION_URL": f"http://127.0.0.1:{ports + 111}",
            "BHXH_BUSINESS_URL": f"http://127.0.0.1:{ports + 112}",
            "BHXH_EID_URL": f"http://127.0.0.1:{ports + 113}",
            "BHXH_NPSP_URL": f"http://127.0.0.1:{ports + 114}",
            "BHXH_PKI_URL": f"http://127.0.0.1:{ports + 115}",
            "BHXH_MAIL_PORT": str(ports + 125),
        }

    @property
    def address(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.base_port}"

    @property
    def logs(self) -> Path:
        """One file for each process."""
        folder = self.state_folder / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def run(self, *arguments: str, role: str = "bhxh_app", is_checked: bool = True) -> subprocess.CompletedProcess[str]:
        """One `bhxh` command to its end."""
        environment = {**self.environment, "BHXH_DATABASE_ROLE": role}
        command = [sys.executable, "-m", "bhxh.wiring", *arguments]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if is_checked and done.returncode != 0:
            raise RuntimeError(f"bhxh {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done

    def start(self, name: str, *command: str) -> None:
        """Start one process under a name; its output goes to a log file."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], env=self.environment, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def start_server(self, workers: int = 1) -> None:
        """The web server; returns when it is ready."""
        port = str(self.base_port)
        options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--workers", str(workers), "--blocking-threads", "4", "--no-ws")
        self.start("server", "-m", "granian", *options, "bhxh.wiring.wsgi:application")
        self.wait_until_ready()

    def start_worker(self) -> None:
        """The worker with the clockwork."""
        self.start("worker", "-m", "bhxh.wiring", "work")

    def wait_until_ready(self, timeout_s: float = 30) -> None:
        """Until /health/ready says yes."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.address}/health/ready", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            if self.processes["server"].poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"the server did not become ready; see {self.logs / 'server.log'}")

    def kill(self, name: str) -> None:
        """kill -9 of a process and everything it started."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Stop all in order, politely, then not."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()
