"""Writes a motion as ODT (OpenDocument 1.3), with amendments as tracked changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from deliberation.kernel.vocabulary import ClauseKind
from exports.office.runs import OfficeRun, runs, xml, zipped
from exports.office.tracking import MarkedMotion, MarkedPassage, MarkedPiece

TYPE = "application/vnd.oasis.opendocument.text"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
    )
)
OPEN = f'{SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
MANIFEST = f"""{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" \
manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE}"/>\
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>\
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>\
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>
"""
STYLES = f"""{HEAD}<office:document-styles {OPEN}><office:styles><style:default-style style:family="paragraph">\
<style:paragraph-properties fo:margin-bottom="0.21cm"/><style:text-properties fo:font-size="11pt" \
fo:font-family="Liberation Serif" fo:language="fr" fo:country="FR"/></style:default-style>\
<style:style style:name="Standard" style:family="paragraph"/>\
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Standard"><style:text-properties \
fo:font-size="18pt" fo:font-weight="bold" fo:color="#1f4e79"/></style:style>\
<style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard">\
<style:paragraph-properties fo:margin-top="0.42cm" fo:keep-with-next="always"/><style:text-properties \
fo:font-size="13pt" fo:font-weight="bold"/></style:style></office:styles><office:automatic-styles>\
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" \
fo:margin="2.2cm"/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page \
style:name="Standard" style:page-layout-name="A4"/></office:master-styles></office:document-styles>
"""
FACES = {
    "b": 'fo:font-weight="bold"',
    "i": 'fo:font-style="italic"',
    "s": 'style:text-position="super 58%"',
}


def as_odt(motion: MarkedMotion, time: str) -> bytes:
    """The content of the file; `time` is the instant that it states as its date."""
    title = "".join(piece.text for piece in motion.passages[0].pieces if not piece.inserted_by)
    meta = (
        f"{HEAD}<office:document-meta {OPEN}><office:meta><dc:title>{xml(title)}</dc:title>"
        f"<dc:creator>{xml(motion.heading)}</dc:creator><dc:language>fr</dc:language>"
        f"<dc:date>{_seconds(time)}</dc:date></office:meta></office:document-meta>\n"
    )
    files = {"mimetype": TYPE, "META-INF/manifest.xml": MANIFEST, "content.xml": _Content(motion).text}
    return zipped(files | {"meta.xml": meta, "styles.xml": STYLES})


def _seconds(time: str) -> str:
    return time[:19]


class _Content:
    """Writes the content of the document: the changed regions first, then the paragraphs that refer to them."""

    def __init__(self, motion: MarkedMotion) -> None:
        self._motion = motion
        self._regions: list[str] = []
        paragraphs = [_paragraph("Standard", xml(motion.heading)), *map(self._passage, motion.passages)]
        paragraphs.insert(2, _paragraph("Standard", _span(motion.status, "b")))
        body = "".join([*paragraphs, *self._list()])
        regions = "".join(self._regions)
        changes = f"<text:tracked-changes>{regions}</text:tracked-changes>" if regions else ""
        self.text = (
            f"{HEAD}<office:document-content {OPEN}><office:automatic-styles>{''.join(_faces())}"
            f"</office:automatic-styles><office:body><office:text>{changes}{body}</office:text></office:body>"
            "</office:document-content>\n"
        )

    def _passage(self, passage: MarkedPassage) -> str:
        style = {None: "Title", ClauseKind.HEADING: "Heading"}.get(passage.kind, "Standard")
        label = _labelled(passage) if style == "Standard" else []
        changed = groupby([*label, *runs(passage.pieces)], key=lambda run: (run.op, run.by))
        return _paragraph(style, "".join(self._change(op, by, list(own)) for (op, by), own in changed))

    def _change(self, op: str, by: tuple[int, ...], own: list[OfficeRun]) -> str:
        words = "".join(_span(run.text, _face(run)) for run in own)
        if op == "delete":
            return f'<text:change text:change-id="{self._region("deletion", by, _paragraph("Standard", words))}"/>'
        if op != "insert":
            return words
        id_ = self._region("insertion", by)
        return f'<text:change-start text:change-id="{id_}"/>{words}<text:change-end text:change-id="{id_}"/>'

    def _region(self, kind: str, by: tuple[int, ...], deleted: str = "") -> str:
        """Adds a changed region, and returns its id."""
        id_, author = f"ct{len(self._regions) + 1}", self._motion.authors[by]
        comment = f"<text:p>{xml(author.comment)}</text:p>" if author.comment else ""
        self._regions.append(
            f'<text:changed-region xml:id="{id_}" text:id="{id_}"><text:{kind}><office:change-info><dc:creator>'
            f"{xml(author.name)}</dc:creator><dc:date>{_seconds(author.time)}</dc:date>{comment}</office:change-info>"
            f"{deleted}</text:{kind}></text:changed-region>"
        )
        return id_

    def _list(self) -> Iterator[str]:
        if self._motion.listed:
            yield _paragraph("Heading", "Amendements")
        for name, sentence in self._motion.listed:
            said = "".join(_span(run.text, _face(run)) for run in runs((MarkedPiece(sentence),)))
            yield _paragraph("Standard", _span(f"{name}\n", "b") + said)


def _labelled(passage: MarkedPassage) -> list[OfficeRun]:
    """The runs of a passage with its name in front; the name is inserted or deleted together with the whole passage."""
    addressee = f" ({passage.addressee})" if passage.addressee else ""
    end = " : " if any(piece.text for piece in passage.pieces) else ""
    op, by = "equal", tuple[int, ...]()
    if passage.inserted_by:
        op, by = "insert", (passage.inserted_by,)
    elif len(passage.pieces) == 1 and passage.pieces[0].deleted_by:
        op, by = "delete", passage.pieces[0].deleted_by
    return [OfficeRun(f"{passage.label}{addressee}{end}", True, False, False, op, by)]


def _faces() -> Iterator[str]:
    """A style for each combination of bold, italic and superscript."""
    for face in ("b", "i", "s", "bi", "bs", "is", "bis"):
        properties = f"<style:text-properties {' '.join(FACES[letter] for letter in face)}/>"
        yield f'<style:style style:name="{face}" style:family="text">{properties}</style:style>'


def _face(run: OfficeRun) -> str:
    return "b" * run.strong + "i" * run.em + "s" * run.raised


def _span(text: str, face: str = "") -> str:
    return f'<text:span text:style-name="{face}">{_lines(text)}</text:span>' if face else _lines(text)


def _lines(text: str) -> str:
    lines = (xml(line).replace("  ", " <text:s/>") for line in text.split("\n"))
    return "<text:line-break/>".join(lines)


def _paragraph(style: str, content: str) -> str:
    return f'<text:p text:style-name="{style}">{content}</text:p>'
