"""Django's SQLite, with keys that take no more room than on PostgreSQL, and turns to write (`turns.py`).

Django itself writes a UUID as 32 characters: here it is its sixteen bytes, in nearly every row and index. And
a whole number that is a table's key is SQLite's own key of the row (it must be called `integer` for that,
which holds eight bytes too), rather than a second one with an index of its own. Of a column with a moment
Django asks much that is known here, which is a fifth of reading a long case.
"""

import datetime
import sqlite3
import uuid
from typing import Any

from django.db.backends.sqlite3 import base, features, operations
from django.db.utils import OperationalError

from cre_toolkit.sqlite.turns import TooLong, Turn

sqlite3.register_adapter(uuid.UUID, lambda value: value.bytes)


class DatabaseFeatures(features.DatabaseFeatures):
    # The adapter above takes them as they are.
    has_native_uuid_field = True


class DatabaseOperations(operations.DatabaseOperations):
    def convert_uuidfield_value(self, value: bytes | None, expression: Any, connection: Any) -> Any:
        return None if value is None else uuid.UUID(bytes=value)

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if isinstance(value, datetime.datetime) and value.tzinfo is None:
            return value.replace(tzinfo=self.connection.timezone)
        return super().convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(base.DatabaseWrapper):
    data_types = {
        **base.DatabaseWrapper.data_types,
        "UUIDField": "blob",
        "BigIntegerField": "integer",
    }
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations

    _turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            self._turn = Turn(f"{conn_params['database']}-turn", conn_params["timeout"])
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        if self._turn:
            try:
                self._turn.take()
            except TooLong as error:
                raise OperationalError("database is locked: it was not our turn in time") from error
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]
        if self._turn:
            self._turn.close()
            self._turn = None

    def _end_turn(self) -> None:
        if self._turn:
            self._turn.give_back()
