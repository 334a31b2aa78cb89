"""Each day's signed heads of the audit trail go out by mail too, to whoever keeps them."""

from django.conf import settings
from django.db import transaction

from cre_toolkit.audit import chain, heads
from cre_toolkit.jobs.actions import mail_each

BODY = (
    "Keep this message. With it, whoever runs the service can show that nothing was taken from the end of the"
    " audit trail: put each part below into a file, and give it to manage.py audit verify --head FILE\n\n"
)


def sign_and_send() -> None:
    """Sign the heads if a day has gone by, and mail them to `AUDIT_HEADS_TO`."""
    if heads.due():
        # Before the transaction: it looks at every event, and SQLite has one writer at a time.
        chain.seal(everything=True)
        _sign_and_send()


@transaction.atomic
def _sign_and_send() -> None:
    signed = heads.sign_heads(by=None)
    if signed and settings.AUDIT_HEADS_TO:
        mail_each(
            by=None,
            to=settings.AUDIT_HEADS_TO,
            subject=f"CRE Toolkit: audit heads of {signed[0].at:%-d %B %Y}",
            body=BODY + "\n".join(map(heads.as_file, signed)),
        )
