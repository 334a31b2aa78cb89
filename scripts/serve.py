"""Serve the demonstration on this machine: the site and its worker, both stopped together.

    python scripts/serve.py [--port 8000] [--children 240]

Brings the database up to date, loads the invented people and a caseload of so many children when they are not
there yet, gathers the static files, then starts gunicorn and the worker and prints where to go. Ctrl-C ends
both.
"""

import argparse
import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
SECONDS_TO_START = 180
SECONDS_TO_STOP = 15


class Stopped(Exception):
    """Somebody asked us to end: Ctrl-C, or a signal from outside."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--children", type=int, default=240, help="in the invented caseload; 0 for a handful")
    options = parser.parse_args()
    port = options.port
    if not is_free(port):
        print(
            f"Port {port} is in use by another program. Choose another: make run PORT={port + 1}",
            file=sys.stderr,
        )
        return 1
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, stop)
    children: list[subprocess.Popen[bytes]] = []
    try:
        sign_ins = prepare(options.children)
        children.append(start("-m", "gunicorn", *gunicorn_options(port)))
        children.append(start("manage.py", "worker"))
        wait_until_it_answers(port, children)
        print(f"\nCRE Toolkit is at http://{HOST}:{port}/\n{sign_ins}\nCtrl-C stops it.", flush=True)
        return wait(children)
    except Stopped:
        print("\nStopping.", flush=True)
        return 0
    finally:
        end(children)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def stop(number: int, frame: object) -> None:
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    raise Stopped


def prepare(number: int) -> str:
    """Database, demonstration data, static files. Returns the sign-ins to print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cre_toolkit.settings")
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    said = io.StringIO()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_demo", children=number, stdout=said)
    call_command("collectstatic", verbosity=0, interactive=False)
    connections.close_all()
    return said.getvalue()


def gunicorn_options(port: int) -> list[str]:
    return [
        "cre_toolkit.wsgi",
        f"--bind={HOST}:{port}",
        "--worker-class=gthread",
        "--workers=2",
        "--threads=4",
        "--no-control-socket",
        "--log-level=warning",
    ]


def start(*arguments: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in the terminal reaches us alone, and we end our children in order.
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, start_new_session=True)


def wait_until_it_answers(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise SystemExit("The site or its worker ended while starting; what it said stands above.")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The site did not answer within {SECONDS_TO_START} seconds.")


def wait(children: list[subprocess.Popen[bytes]]) -> int:
    """Until one of the two ends by itself, which neither should."""
    while True:
        for child in children:
            if child.poll() is not None:
                print(f"{child.args!r} ended with status {child.returncode}.", file=sys.stderr)
                return 1
        time.sleep(0.5)


def end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
