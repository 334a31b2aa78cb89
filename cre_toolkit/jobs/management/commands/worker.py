"""`manage.py worker`: does the queued jobs until it is told to stop."""

import signal
import threading
import time
import uuid
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from cre_toolkit.jobs.queue import tend
from cre_toolkit.jobs.upkeep import EVERY, keep_up


class Command(BaseCommand):
    help = (
        "Do the queued jobs (mail), seal the audit trail, do the upkeep. Stop it with SIGINT or SIGTERM; the"
        " job in hand is finished first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is there and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        stop = threading.Event()

        def stopped(number: int, frame: FrameType | None) -> None:
            stop.set()

        if not once:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, stopped)
        name = uuid.uuid4().hex
        upkeep_at = time.monotonic()
        while True:
            tend()
            if time.monotonic() >= upkeep_at:
                keep_up(settings.UPKEEP)
                upkeep_at = time.monotonic() + EVERY.total_seconds()
            keep_up(settings.EACH_TURN)
            Worker(
                queue_names=["*"],
                interval=0,
                batch=True,
                backend_name=DEFAULT_TASK_BACKEND_ALIAS,
                startup_delay=False,
                max_tasks=None,
                worker_id=name,
                excluded_queue_names=[],
            ).run()
            if once or stop.wait(timeout=1):
                return
