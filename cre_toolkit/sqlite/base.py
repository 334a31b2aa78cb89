"""Django's SQLite, with keys that take no more room than on PostgreSQL.

Django itself writes a UUID as 32 characters: here it is its sixteen bytes, in nearly every row and index. And
a whole number that is a table's key is SQLite's own key of the row (it must be called `integer` for that,
which holds eight bytes too), rather than a second one with an index of its own.
"""

import sqlite3
import uuid
from typing import Any

from django.db.backends.sqlite3 import base, features, operations

sqlite3.register_adapter(uuid.UUID, lambda value: value.bytes)


class DatabaseFeatures(features.DatabaseFeatures):
    # The adapter above takes them as they are.
    has_native_uuid_field = True


class DatabaseOperations(operations.DatabaseOperations):
    def convert_uuidfield_value(self, value: bytes | None, expression: Any, connection: Any) -> Any:
        return None if value is None else uuid.UUID(bytes=value)


class DatabaseWrapper(base.DatabaseWrapper):
    data_types = {
        **base.DatabaseWrapper.data_types,
        "UUIDField": "blob",
        "BigIntegerField": "integer",
    }
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
