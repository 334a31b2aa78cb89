"""Eight people at once on two workers, beside one: gunicorn as the service runs it, on this machine alone.

Everybody opens the pages of children, one after the other, without a pause. The clients share the machine's
cores with the server, as they must here: a machine with more cores does better.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

from bench.figures import Figure
from bench.goals import CLIENTS_LEAST_TIMES, CLIENTS_SPREAD, SEALING_LEAST_TIMES
from scripts.serve import HOST, end, gunicorn_options, wait_until_it_answers

CLIENTS = 8
PAGES = 40
"""That each client opens in a round."""
ROUNDS = 3
UNTIL_IT_WORKS = 30
"""Seconds after which a worker has started and, at first, worked every case out by the packs of the day."""


def measure(environment: Mapping[str, str], cookie: str, paths: list[str]) -> list[Figure]:
    """What the server gets done, and how long people wait.

    Args:
        environment: of the service, with its database.
        cookie: of somebody signed in who may see the pages.
        paths: of the pages.
    """
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *gunicorn_options(port)],
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        wait_until_it_answers(port, [server])
        _round(port, CLIENTS, cookie, paths)  # until both workers are warm
        rounds = [
            (
                _round(port, 1, cookie, paths),
                _round(port, CLIENTS, cookie, paths),
                _round_while_sealing(environment, port, cookie, paths),
            )
            for _ in range(ROUNDS)
        ]
    finally:
        end([server])
    one, eight, sealed = (statistics.median(turn[place].rate for turn in rounds) for place in range(3))
    waits = sorted(wait for _, turn, _ in rounds for wait in turn.waits)
    middle, late = statistics.median(waits), waits[int(len(waits) * 0.95)]
    return [
        Figure(
            "eight clients on two workers: pages a second",
            measured=f"{eight:.0f}",
            floor=f"one client: {one:.0f}",
            times=f"{eight / one:.2f}",
            goal=f"at least {CLIENTS_LEAST_TIMES:g} × one client",
            reached=eight / one >= CLIENTS_LEAST_TIMES,
        ),
        Figure(
            "eight clients: 95 of 100 wait at most",
            measured=f"{late * 1e3:.0f} ms",
            floor=f"half wait at most {middle * 1e3:.0f} ms",
            times=f"{late / middle:.2f}",
            goal=f"at most {CLIENTS_SPREAD:g} × the median",
            reached=late / middle <= CLIENTS_SPREAD,
        ),
        Figure(
            "the same while the worker links their audit events: pages a second",
            measured=f"{sealed:.0f}",
            floor=f"no worker: {eight:.0f}",
            times=f"{sealed / eight:.2f}",
            goal=f"at least {SEALING_LEAST_TIMES:g} × without",
            reached=sealed / eight >= SEALING_LEAST_TIMES,
        ),
    ]


class _Round:
    """How long each page took, and how many came a second."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.rate = 0.0


def _round(port: int, clients: int, cookie: str, paths: list[str]) -> _Round:
    """So many clients, each opening `PAGES` pages, all beginning together."""
    done, together = _Round(), threading.Barrier(clients + 1)
    problems: list[str] = []

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(HOST, port)
        together.wait()
        for page in range(PAGES):
            asked = time.perf_counter()
            connection.request("GET", paths[(number * PAGES + page) % len(paths)], headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            done.waits.append(time.perf_counter() - asked)
            if answer.status != 200:
                problems.append(f"{answer.status}")
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    together.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    done.rate = clients * PAGES / (time.perf_counter() - began)
    if problems or len(done.waits) != clients * PAGES:
        raise RuntimeError(f"not every page came: {sorted(set(problems))}")
    return done


def _round_while_sealing(environment: Mapping[str, str], port: int, cookie: str, paths: list[str]) -> _Round:
    """A round of all clients beside a worker, which links each second what they have looked at."""
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], env={**os.environ, **environment}, start_new_session=True
    )
    try:
        time.sleep(UNTIL_IT_WORKS)
        return _round(port, CLIENTS, cookie, paths)
    finally:
        end([worker])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
