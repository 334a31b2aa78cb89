"""Tables as CSV files that a spreadsheet opens as text."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as a CSV file in UTF-8, marked as such for spreadsheets; no cell is a formula."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(map(cell, heads))
    writer.writerows(map(cell, row) for row in rows)
    return written.getvalue().encode("utf-8-sig")


def cell(value: object) -> str:
    """A value as text; one that a spreadsheet would compute has an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
