"""Install what the service needs, or what its tests need too, into this folder; quick when nothing changed.

    python3 scripts/install.py base|dev

Runs on the machine's own Python, before anything is installed: the standard library alone. What is installed
is remembered by the hash of what asked for it, so a second run takes a moment.
"""

from __future__ import annotations  # an older Python reads as far as the sentence that refuses it

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
STYLE_SHEET = ROOT / "cre_toolkit" / "web" / "static" / "css" / "cre.css"
OLDEST_NODE = 20
# `dev` holds everything of `base`, at the same versions (a test compares them).
HOLDS = {"base": ["base"], "dev": ["base", "dev"]}


def main() -> int:
    if sys.argv[1:] not in (["base"], ["dev"]):
        print(__doc__, file=sys.stderr)
        return 2
    what = sys.argv[1]
    try:
        check_python()
        check_node()
        install_python_packages(what)
        install_project()
        install_browser_assets()
    except subprocess.CalledProcessError as failed:
        print(f"\nThis step failed: {' '.join(map(str, failed.cmd))}", file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the one file an older Python may meet
        running = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {running}. Set PYTHON=... to another.")


def check_node() -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        sys.exit(f"Node {OLDEST_NODE} or newer with npm is needed, and is not on the PATH.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    found = re.match(r"v(\d+)", version)
    if found is None or int(found[1]) < OLDEST_NODE:
        sys.exit(f"Node {OLDEST_NODE} or newer is needed; {node} is {version}.")


def install_python_packages(what: str) -> None:
    """The locked packages, each checked against its hash."""
    requirements = ROOT / "requirements" / f"{what}.txt"
    wanted = fingerprint([requirements], sys.version)
    if PYTHON.exists() and stamp(VENV, what) == wanted:
        return
    if not (VENV / "bin" / "pip").exists():
        if importlib.util.find_spec("ensurepip") is None:
            sys.exit(f"{sys.executable} has no ensurepip; on Debian and Ubuntu: apt-get install python3-venv")
        say("Making .venv")
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    say(f"Installing Python packages ({requirements.relative_to(ROOT)})")
    # The lock is whole, so nothing is resolved here: pip would look for `name[extra]` beside it, find one
    # newer than the lock's on the day it comes out, and refuse.
    run([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", requirements])
    run([PYTHON, "-m", "pip", "check"])
    for held in HOLDS[what]:
        write_stamp(VENV, held, fingerprint([ROOT / "requirements" / f"{held}.txt"], sys.version))


def install_project() -> None:
    """The `cre` command, in place: what is edited here is what runs."""
    wanted = fingerprint([ROOT / "pyproject.toml"], sys.version)
    if (VENV / "bin" / "cre").exists() and stamp(VENV, "project") == wanted:
        return
    say("Installing the command line at .venv/bin/cre")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    run([PYTHON, "-m", "pip", "install", *options, "--editable", ROOT])
    write_stamp(VENV, "project", wanted)


def install_browser_assets() -> None:
    """GOV.UK's and MoJ's styles and scripts from npm, and our style sheet compiled from them."""
    lock = [ROOT / "package.json", ROOT / "package-lock.json"]
    wanted = fingerprint(lock)
    if stamp(NODE_MODULES, "lock") != wanted:
        say("Installing browser assets (package-lock.json)")
        run(["npm", "ci", "--include=dev", "--loglevel=error"])
        write_stamp(NODE_MODULES, "lock", wanted)
    sources = sorted(path for path in (ROOT / "frontend").rglob("*") if path.is_file())
    wanted = fingerprint([*lock, *sources])
    if not STYLE_SHEET.exists() or stamp(NODE_MODULES, "built") != wanted:
        say("Building the style sheet")
        run(["npm", "run", "build", "--silent"])
        write_stamp(NODE_MODULES, "built", wanted)


def fingerprint(paths: list[Path], *more: str) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes() + b"\0")
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def stamp(folder: Path, name: str) -> str:
    path = folder / f".cre-{name}"
    return path.read_text() if path.exists() else ""


def write_stamp(folder: Path, name: str, value: str) -> None:
    (folder / f".cre-{name}").write_text(value)


def say(what: str) -> None:
    print(f"{what} ...", flush=True)


def run(command: list[str | Path]) -> None:
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main())
