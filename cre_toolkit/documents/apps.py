from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register


class DocumentsConfig(AppConfig):
    name = "cre_toolkit.documents"

    def ready(self) -> None:
        register(fonts_are_installed)


def fonts_are_installed(**_: Any) -> list[CheckMessage]:
    """Say at the start, not at somebody's first document, that a font is missing."""
    from cre_toolkit.documents.fonts import missing_fonts  # only now are the settings read

    missing = missing_fonts()
    if not missing:
        return []
    return [
        Error(
            f"Fonts of printed documents are missing: {', '.join(missing)}.",
            hint="Run `npm ci`, or let CRE_FONTS name the folder that holds them.",
            id="documents.E001",
        )
    ]
