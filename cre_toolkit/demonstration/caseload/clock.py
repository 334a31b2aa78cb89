"""The demonstration's clock: what is told of the spring is entered as it would have been in the spring."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Within this, the service takes `moment` for now. For invented people alone."""
    with patch.object(timezone, "now", lambda: moment.astimezone(datetime.UTC)):
        yield
