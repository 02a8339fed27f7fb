"""Write a report as a Word document in the form of Thai government papers.

TH Sarabun at 16 points, with the settings that Word needs for complex scripts (`w:cs`, `w:szCs`, `w:bCs`): without them it
would draw Thai in another font and size. Tables repeat their head on each page and break between rows, never in one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from comments.exports.report.blocks import PLACE, Heading, Paragraph, Report, Table, pieces

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "TH Sarabun New"
# Half points: 16 for text, 14 for tables.
_TEXT, _TABLE = 32, 28
# A4 between the margins of official letters: 3 cm on the left, 2 on the right.
_WIDTH_TWIPS = round((21 - 3 - 2) / 2.54 * 1440)
# XML has no place for these, and no opinion needs them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NAMESPACE = nsdecls("w")


def write(report: Report, file: IO[bytes], *, at: datetime) -> None:
    """Write `report` to `file`; the same report gives the same bytes."""
    document = Document()
    _prepare(document)
    _name(document, report, at)
    _title(document, report)
    tables: dict[int, Table] = {}
    for number, block in report.numbered():
        match block:
            case Heading():
                document.add_heading(_clean(block.text), block.level)
            case Paragraph():
                document.add_paragraph(_clean(block.text), style="List Bullet" if block.is_item else None)
            case Table():
                tables[number] = block
                _table(document, block, number)
    skeleton = io.BytesIO()
    document.save(skeleton)
    _pack(skeleton, tables, file)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _prepare(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
    for name, size, bold in (
        ("Normal", 16, False),
        ("Title", 22, True),
        ("Heading 1", 18, True),
        ("Heading 2", 16, True),
        ("List Bullet", 16, False),
        ("Caption", 16, True),
    ):
        _style(document.styles[name], size, bold=bold)
    paragraph = document.styles["Title"].element.pPr
    paragraph.remove(paragraph.find(qn("w:pBdr")))
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer._p.append(parse_xml(f'<w:fldSimple {_NAMESPACE} w:instr="PAGE"/>'))  # noqa: SLF001


def _style(style: Any, size: int, *, bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.italic, style.font.color.rgb = False, RGBColor(0, 0, 0)
    run = style.element.get_or_add_rPr()
    fonts = run.find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for name, value in (("w:bCs", "1" if bold else "0"), ("w:szCs", str(size * 2))):
        for former in run.findall(qn(name)):
            run.remove(former)
        run.append(parse_xml(f'<{name} {_NAMESPACE} w:val="{value}"/>'))
    for former in run.findall(qn("w:lang")):
        run.remove(former)
    run.append(parse_xml(f'<w:lang {_NAMESPACE} w:val="en-US" w:bidi="th-TH"/>'))


def _name(document: Any, report: Report, at: datetime) -> None:
    about = document.core_properties
    about.title, about.subject = _clean(report.title), _clean(report.lines[0])
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None)
    about.revision, about.language = 1, "th-TH"


def _title(document: Any, report: Report) -> None:
    for text, style in ((report.title, "Title"), *((line, None) for line in report.lines)):
        document.add_paragraph(_clean(text), style=style).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(document: Any, table: Table, number: int) -> None:
    document.element.body.insert(len(document.element.body) - 1, parse_xml(_caption(table, number)))
    widths = _widths(table)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    drawn = parse_xml(
        f"<w:tbl {_NAMESPACE}><w:tblPr>"
        '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{_row(table, widths, table.head, is_head=True)}"
        f"{PLACE.format(number)}</w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, drawn)
    document.add_paragraph()


def _widths(table: Table) -> list[int]:
    return [_WIDTH_TWIPS * share // sum(table.shares) for share in table.shares]


def _rows(table: Table) -> Iterator[str]:
    widths = _widths(table)
    for cells, is_last in _marked(table.rows):
        yield _row(table, widths, cells, is_bold=table.has_total and is_last)


def _marked(rows: Any) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield each row, and whether it is the last one."""
    before = None
    for row in rows:
        if before is not None:
            yield before, False
        before = row
    if before is not None:
        yield before, True


def _caption(table: Table, number: int) -> str:
    field = f'<w:fldSimple w:instr=" SEQ ตารางที่ \\* ARABIC "><w:r><w:t>{number}</w:t></w:r></w:fldSimple>'
    return (
        f'<w:p {_NAMESPACE}><w:pPr><w:pStyle w:val="Caption"/><w:keepNext/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">ตารางที่ </w:t></w:r>{field}'
        f'<w:r><w:t xml:space="preserve"> {escape(_clean(table.caption))}</w:t></w:r></w:p>'
    )


def _row(
    table: Table, widths: list[int], cells: tuple[str, ...], *, is_head: bool = False, is_bold: bool = False
) -> str:
    properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "")
    drawn = "".join(
        _cell(width, text, is_number=n in table.numbers, is_bold=is_head or is_bold)
        for n, (width, text) in enumerate(zip(widths, cells, strict=True))
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{drawn}</w:tr>"


def _cell(width: int, text: str, *, is_number: bool, is_bold: bool) -> str:
    run = f'<w:rPr>{"<w:b/><w:bCs/>" if is_bold else ""}<w:sz w:val="{_TABLE}"/><w:szCs w:val="{_TABLE}"/></w:rPr>'
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _clean(text).splitlines() or [""]
    )
    aligned = '<w:jc w:val="right"/>' if is_number else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:after="0"/>{aligned}</w:pPr><w:r>{run}{lines}</w:r></w:p></w:tc>'
    )


def _pack(skeleton: IO[bytes], tables: dict[int, Table], file: IO[bytes]) -> None:
    """Pack the parts again, with the rows of the tables.

    All with the same time: else two files of one report would differ by when they were made.
    """
    with zipfile.ZipFile(skeleton) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in made.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(part, "w") as target:
                for piece in pieces(made.read(name), tables):
                    if isinstance(piece, Table):
                        target.writelines(row.encode() for row in _rows(piece))
                    else:
                        target.write(piece)
