"""What comes back by itself: each app's own upkeep (`UPKEEP` in the settings), called by the worker.

Every one of them finds out for itself what there is to do, so that it does no harm to call it twice.
"""

import datetime
import logging

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

EVERY = datetime.timedelta(minutes=10)


def keep_up() -> None:
    """Do the upkeep of every app. One that fails is logged, and tried again next time; the others go on."""
    for path in settings.UPKEEP:
        try:
            import_string(path)()
        except Exception:
            log.exception("upkeep failed: %s", path)
