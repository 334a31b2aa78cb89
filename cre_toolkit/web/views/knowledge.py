"""What anybody who signs in may read: the guidance, the contacts, and how accessible the service is."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from cre_toolkit.children import access
from cre_toolkit.rules.authority import Contact
from cre_toolkit.rules.loading import BUILT_IN, authority_ids, load_authority
from cre_toolkit.web.request import user_of

GUIDANCE = BUILT_IN / "guidance"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of guidance: its address, its title, where its facts come from, and its text as HTML."""

    topic: str
    title: str
    source: str
    html: str


def read_page(topic: str) -> Page:
    """A page of `packs/guidance`: a head of `key: value` lines between `---`, then Markdown.

    Raises:
        KeyError: there is no page of that topic.
    """
    # The topic comes from an address: only a name that is listed reaches the file system.
    path = {path.stem: path for path in GUIDANCE.glob("*.md")}[topic]
    _, head, text = path.read_text(encoding="utf-8").split("---\n", 2)
    keys = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    # The project's own text, and even that without raw HTML.
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return Page(topic, keys["title"], keys.get("source", ""), html)


@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    pages = sorted((read_page(path.stem) for path in GUIDANCE.glob("*.md")), key=lambda page: page.title)
    return TemplateResponse(request, "guidance/list.html", {"pages": pages})


@require_safe
def guidance_page(request: HttpRequest, topic: str) -> HttpResponse:
    try:
        page = read_page(topic)
    except KeyError:
        raise Http404(topic) from None
    return TemplateResponse(request, "guidance/page.html", {"page": page, "html": mark_safe(page.html)})  # noqa: S308


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """The contacts of one's own authorities first; each with its date, and "check before use" when old."""
    today = timezone.localdate()
    own = {authority for _, authority in access.standing_of(user_of(request)).roles}
    authorities = sorted(authority_ids(), key=lambda id_: (id_ not in own, id_))
    groups = [
        {
            "name": pack.name,
            "local": [(contact, _old(contact, today)) for contact in pack.contacts if contact.local],
        }
        for pack in (load_authority(id_).on(today) for id_ in authorities)
    ]
    national = {
        contact.id: (contact, _old(contact, today))
        for id_ in authorities
        for contact in load_authority(id_).on(today).contacts
        if not contact.local
    }
    return TemplateResponse(
        request, "guidance/contacts.html", {"groups": groups, "national": list(national.values())}
    )


def _old(contact: Contact, today: datetime.date) -> bool:
    return contact.check_from <= today


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "guidance/accessibility.html")
