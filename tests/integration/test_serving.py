"""`make run`: the site and its worker start together and stop together."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

SERVE = Path(__file__).resolve().parents[2] / "scripts" / "serve.py"


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`scripts/serve.py` as `make run` starts it on a new machine: no keys yet, SQLite, its own folder."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_KEY")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "cre_toolkit.settings",
        "CRE_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/cre.sqlite3",
    }
    with subprocess.Popen(
        [sys.executable, SERVE, "--port", str(port), "--children", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            yield server
        finally:
            server.terminate()


def test_ctrl_c_stops_the_site_and_its_worker(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with served(tmp_path, port) as server:
        assert server.stdout
        said = ""
        for line in server.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        assert f"http://127.0.0.1:{port}/" in said
        assert "@example.org" in said, "says who can sign in"
        keys = [tmp_path / name for name in ("secret_key", "audit_key")]
        assert [key.stat().st_mode & 0o777 for key in keys] == [0o600, 0o600]

        family = psutil.Process(server.pid).children(recursive=True)
        assert len(family) >= 4, "gunicorn, its two processes, the worker"
        server.send_signal(signal.SIGINT)

        assert server.wait(timeout=30) == 0
        assert psutil.wait_procs(family, timeout=5)[1] == []


def test_a_port_in_use_is_said_and_another_proposed(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with served(tmp_path, port) as server:
            said, _ = server.communicate(timeout=30)
    assert server.returncode == 1
    assert f"Port {port} is in use by another program" in said
    assert f"make run PORT={port + 1}" in said
