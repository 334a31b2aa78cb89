"""What every Word document has in common: paper, styles, language. Made once for the process.

It starts from python-docx's own template and keeps of it only what is used: a document then opens and saves
in a few milliseconds, and holds no thumbnail, no theme of colours and no other author's name.
"""

import io
from functools import cache

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

FACE = "Arial"
"""On every computer that opens Word documents, with the letters of most European languages."""
NORMAL, NOTE, SMALL, MARGIN, MARKING, CELL, GAP = (
    "Normal", "Notice", "Small Print", "Margin", "Marking", "Cell", "Gap",
)  # fmt: skip
BULLET = "List Bullet"
MARGIN_LEFT = Mm(18)
TEXT_WIDTH = Mm(210) - 2 * MARGIN_LEFT
# The points of headings of level 1 to 4, for ordinary and for large print.
_HEADINGS = {False: (19, 14, 11.5, 10.5), True: (25, 19, 15.5, 14)}
_KEPT = {NORMAL, BULLET, "Default Paragraph Font", "Normal Table", "No List"}
_BLACK = RGBColor(0, 0, 0)


def element(tag: str, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """An element of WordprocessingML: `element("shd", fill="F3F2F1")` is `<w:shd w:fill="F3F2F1"/>`."""
    made = OxmlElement(f"w:{tag}", {qn(f"w:{name}"): str(value) for name, value in attributes.items()})
    made.extend(children)
    return made


@cache
def empty_document(*, large: bool) -> bytes:
    """A document without text: A4, our styles, British English.

    Args:
        large: whether in large print.
    """
    document = docx.Document()
    _keep_what_is_used(document)
    size = 14.0 if large else 10.5
    _language_and_face(document, size)
    bullet = _style(document, BULLET, size)
    bullet.paragraph_format.space_after = Pt(4)
    for level, points in enumerate(_HEADINGS[large], 1):
        heading = _style(document, f"Heading {level}", points, bold=True, after=6)
        heading.next_paragraph_style = document.styles[NORMAL]
        heading.paragraph_format.space_before = Pt(0 if level == 1 else 14 - 2 * (level - 2))
        heading.paragraph_format.keep_with_next = True
        properties = heading.element.get_or_add_pPr()
        properties.append(element("outlineLvl", val=level - 1))
    notice = _style(document, NOTE, size, bold=True)
    border = element("left", val="single", sz=24, space=8, color="000000")
    notice.element.get_or_add_pPr().append(element("pBdr", border))  # spacing and indent go after it
    notice.paragraph_format.left_indent, notice.paragraph_format.space_after = Mm(3), Pt(8)
    _style(document, SMALL, 8.5, after=6).paragraph_format.keep_with_next = True
    _style(document, CELL, size - 0.5, after=2)
    _style(document, GAP, 4, after=0)
    _style(document, MARGIN, 8.5, after=0).paragraph_format.tab_stops.add_tab_stop(Length(TEXT_WIDTH), 2)
    _style(document, MARKING, 10.5, bold=True, after=0).paragraph_format.alignment = 1
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = MARGIN_LEFT
    section.top_margin = section.bottom_margin = Mm(26)
    section.header_distance = section.footer_distance = Mm(9)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _keep_what_is_used(document: WordDocument) -> None:
    for style in list(document.styles):
        if style.name not in _KEPT:
            style.element.getparent().remove(style.element)
    for latent in document.styles.element.findall(qn("w:latentStyles")):
        document.styles.element.remove(latent)
    for source, unused in (
        (document.part.package, ("/thumbnail", "/extended-properties")),
        (document.part, ("/stylesWithEffects", "/customXml", "/webSettings", "/fontTable", "/theme")),
    ):
        for name, relation in list(source.rels.items()):
            if relation.reltype.endswith(unused):
                del source.rels[name]


def _language_and_face(document: WordDocument, size: float) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    letters = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    letters.clear()
    letters.extend(
        (
            element("rFonts", ascii=FACE, hAnsi=FACE, cs=FACE, eastAsia=FACE),
            element("sz", val=int(size * 2)),
            element("szCs", val=int(size * 2)),
            element("lang", val="en-GB", eastAsia="zh-CN", bidi="ar-SA"),
        )
    )
    spacing = defaults.find(qn("w:pPrDefault")).find(qn("w:pPr")).find(qn("w:spacing"))
    spacing.set(qn("w:after"), "120")
    spacing.set(qn("w:line"), "259")
    settings = document.settings.element
    for unused in ("zoom", "savePreviewPicture", "rsids", "themeFontLang", "clrSchemeMapping"):
        for found in settings.findall(qn(f"w:{unused}")):
            settings.remove(found)
    for said in settings.iter(qn("w:compatSetting")):
        if said.get(qn("w:name")) == "compatibilityMode":
            said.set(qn("w:val"), "15")  # of today's Word: an older one opens as "compatibility mode"


def _style(
    document: WordDocument, name: str, points: float, *, bold: bool = False, after: float | None = None
) -> ParagraphStyle:
    style: ParagraphStyle
    if name in document.styles:
        style = document.styles[name]
    else:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("Heading"))
        style.base_style = document.styles[NORMAL]
    style.quick_style = True
    style.font.size, style.font.color.rgb = Pt(points), _BLACK
    style.font.bold = style.font.cs_bold = bold
    # Letters of Arabic and Hebrew, of South and South East Asia take another size than the others.
    style.element.get_or_add_rPr().append(element("szCs", val=int(points * 2)))
    if after is not None:
        style.paragraph_format.space_after = Pt(after)
    return style
