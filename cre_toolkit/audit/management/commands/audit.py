"""`manage.py audit`: seal the audit trail, sign its heads, verify it (docs/explanation/audit.md)."""

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cre_toolkit.audit import chain, heads
from cre_toolkit.audit.actions import record
from cre_toolkit.audit.models import Event
from cre_toolkit.audit.verifying import Chain, Finding, Wrong, all_chains, verify

MOST_SHOWN = 50
"""So many findings of a chain are printed; the rest are counted."""


class Command(BaseCommand):
    help = "Seal the audit trail, sign its heads, and verify that nothing in it was changed or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, parser_class=ArgumentParser)

        def act(name: str, said: str) -> ArgumentParser:
            sub: ArgumentParser = acts.add_parser(name, help=said, description=said)
            return sub

        act("seal", "Link at once whatever is not linked yet; the worker does it each second.")
        act("sign", "Sign the heads now and write them into AUDIT_HEADS; the worker does it each day.")
        act("key", "Print the public key by which anybody can check the heads.")
        check = act("verify", "Say what was changed, removed, put in or moved. Ends with 1 if anything was.")
        check.add_argument(
            "--authority",
            action="append",
            help=f"one authority's chain, or {heads.OF_THE_SERVICE}; all without it",
        )
        for name, metavar, said in (
            ("--head", "FILE", "a signed head, as it was taken away"),
            ("--seen", "HEAD", "what stands on a document, such as derby:1042:9f86d081884c7d65"),
            ("--key", "KEY", "a public key of former years, to trust besides the service's own"),
        ):
            check.add_argument(name, action="append", default=[], metavar=metavar, help=said)

    def handle(self, *args: Any, act: str, **given: Any) -> None:
        match act:
            case "seal":
                self.stdout.write(f"{chain.seal(everything=True):,} events linked")
            case "sign":
                chain.seal(everything=True)
                for head in heads.sign_heads(by=None):
                    self.stdout.write(f"{heads.name_of(head.authority)}: {head.number:,} {head.hash.hex()}")
            case "key":
                self.stdout.write(heads.public_key())
            case "verify":
                self.verify(**given)

    def verify(
        self,
        *,
        authority: Sequence[str] | None,
        head: Sequence[str],
        seen: Sequence[str],
        key: Sequence[str],
        **options: Any,
    ) -> None:
        """Print how each chain was found; a `CommandError` ends it with 1 where anything is wrong."""
        known = _anchors(head, seen, key)
        # The head of a chain that is gone altogether finds it gone: nothing else would.
        chosen = {*map(heads.of_name, authority)} if authority else all_chains()
        chosen |= {anchor.authority for anchor in known}

        def kept(chain: str) -> list[heads.Anchor]:
            return heads.anchors(chain) + [anchor for anchor in known if anchor.authority == chain]

        began = time.perf_counter()
        wrong = checked = 0
        for found in verify(chosen, kept):
            self._say(found)
            wrong += len(found.findings)
            checked += found.length + found.waiting
        seconds = time.perf_counter() - began
        with transaction.atomic():
            record(by=None, kind="audit.verified", detail={"events": checked, "wrong": wrong})
        self.stdout.write(f"{checked:,} events in {seconds:.1f} s ({checked / seconds:,.0f} a second)")
        if wrong:
            raise CommandError(
                f"{wrong:,} {'thing is' if wrong == 1 else 'things are'} wrong. Stop whoever can write to the"
                " database, keep a copy of it as it is, and compare with a backup. Where every event is"
                " named, AUDIT_KEY is not the key that they were sealed with."
            )
        if not known:
            self.stdout.write(
                "Nothing is wrong with what is there. Whether the end was cut off, only a head kept elsewhere"
                " can show: --head FILE, or --seen with what stands on a document."
            )

    def _say(self, found: Chain) -> None:
        name = heads.name_of(found.authority)
        waiting = ""
        if found.waiting_since:
            age = timezone.now() - found.waiting_since
            waiting = f"; {found.waiting:,} not linked yet, the oldest for {age.total_seconds():,.0f} s"
        self.stdout.write(f"{name}: {found.length:,} linked, head {found.hash.hex()}{waiting}")
        for finding in found.findings[:MOST_SHOWN]:
            self.stdout.write(f"  {_in_words(finding)}")
        if len(found.findings) > MOST_SHOWN:
            self.stdout.write(f"  and {len(found.findings) - MOST_SHOWN:,} more")


def _anchors(files: Sequence[str], seen: Sequence[str], keys: Sequence[str]) -> list[heads.Anchor]:
    known = []
    for path in files:
        try:
            known.append(heads.read_file(Path(path).read_text(), keys))
        except (heads.NotAHead, OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from error
    for text in seen:
        try:
            known.append(heads.read_short(text))
        except heads.NotAHead as error:
            raise CommandError(f"{text}: {error}") from error
    return known


def _in_words(finding: Finding) -> str:
    event = Event.objects.filter(pk=finding.event).first() if finding.event else None
    where = [f"number {finding.number:,}"] if finding.number is not None else []
    if finding.event:
        where.append(f"event {finding.event}")
    if event and finding.wrong is not Wrong.REMOVED:
        where.append(f"{event.kind}, {event.at:%Y-%m-%d %H:%M:%S} UTC")
    return f"{heads.name_of(finding.authority)} {', '.join(where)}: {finding.wrong}"
