"""Print the path of the Chromium that the browser tests drive; install Debian's where that is possible.

In order: what CHROMIUM names, what is on the PATH, `apt-get install chromium` as root. Otherwise it says what
is missing and ends with status 1.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    path = find() or install()
    if path is None:
        print(
            "The browser tests need Chromium, and none was found.\n"
            f"Install it (looked on the PATH for {', '.join(NAMES)}),\n"
            "or name it: make test CHROMIUM=/path/to/chromium",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


def find() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install() -> str | None:
    if os.environ.get("CHROMIUM") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    print("Installing Chromium from the system's packages ...", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", "--quiet", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=False,
        )
        if done.returncode != 0 and command != ["update"]:
            return None
    return find()


if __name__ == "__main__":
    sys.exit(main())
