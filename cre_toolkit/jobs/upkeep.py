"""What comes back by itself: each app's upkeep (`UPKEEP`, `EACH_TURN` in the settings), called by the worker.

Every one of them finds out for itself what there is to do, so that it does no harm to call it twice.
"""

import datetime
import logging
from collections.abc import Iterable

from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

EVERY = datetime.timedelta(minutes=10)


def keep_up(paths: Iterable[str]) -> None:
    """Do the upkeep of every app. One that fails is logged, and tried again next time; the others go on.

    Args:
        paths: the functions, by their dotted names.
    """
    for path in paths:
        try:
            import_string(path)()
        except Exception:
            log.exception("upkeep failed: %s", path)
