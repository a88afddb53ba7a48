"""Writes a motion as DOCX (Office Open XML), with amendments as tracked changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, groupby

from deliberation.kernel.vocabulary import ClauseKind
from exports.office.runs import OfficeRun, runs, xml, zipped
from exports.office.tracking import ChangeAuthor, MarkedMotion, MarkedPassage, MarkedPiece

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = f"""{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" \
ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>\
<Override PartName="/word/styles.xml" ContentType="{TYPE}.styles+xml"/><Override PartName="/docProps/core.xml" \
ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>
"""
RELATIONS = f"""{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" \
Type="{OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" \
Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>
"""
DOCUMENT_RELATIONS = f"""{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" \
Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>
"""
STYLES = f"""{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Liberation Serif" \
w:hAnsi="Liberation Serif"/><w:sz w:val="22"/><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault></w:docDefaults>\
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing \
w:after="120"/></w:pPr></w:style>\
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing \
w:after="200"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:color w:val="1F4E79"/><w:sz w:val="36"/></w:rPr>\
</w:style>\
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:pPr>\
<w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr>\
</w:style></w:styles>
"""


def as_docx(motion: MarkedMotion, time: str) -> bytes:
    """The content of the file; `time` is the instant that it states as its date."""
    title = "".join(piece.text for piece in motion.passages[0].pieces if not piece.inserted_by)
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml(title)}</dc:title><dc:creator>{xml(motion.heading)}</dc:creator><dc:language>fr</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_seconds(time)}</dcterms:created></cp:coreProperties>\n'
    )
    document = f'{HEAD}<w:document xmlns:w="{W}"><w:body>{_Body(motion).text}</w:body></w:document>\n'
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS,
            "docProps/core.xml": core,
            "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
            "word/document.xml": document,
            "word/styles.xml": STYLES,
        }
    )


def _seconds(time: str) -> str:
    return f"{time[:19]}Z"


class _Body:
    """Writes the paragraphs of the document; each tracked change gets an id of its own."""

    def __init__(self, motion: MarkedMotion) -> None:
        self._motion = motion
        self._ids = count(1)
        paragraphs = [_paragraph("", _run(motion.heading)), *map(self._passage, motion.passages)]
        paragraphs.insert(2, _paragraph("", _run(motion.status, "<w:b/>")))
        self.text = "".join([*paragraphs, *self._list(), _PAGE])

    def _passage(self, passage: MarkedPassage) -> str:
        style = {None: "Title", ClauseKind.HEADING: "Heading2"}.get(passage.kind, "")
        label = self._label(passage) if not style else ""
        changed = groupby(runs(passage.pieces), key=lambda run: (run.op, run.by))
        words = "".join(self._change(op, by, list(own)) for (op, by), own in changed)
        return _paragraph(style, label + words, self._mark(passage))

    def _label(self, passage: MarkedPassage) -> str:
        addressee = f" ({passage.addressee})" if passage.addressee else ""
        end = " : " if any(piece.text for piece in passage.pieces) else ""
        words = OfficeRun(f"{passage.label}{addressee}{end}", True, False, False, *_whole(passage))
        return self._change(words.op, words.by, [words])

    def _change(self, op: str, by: tuple[int, ...], own: list[OfficeRun]) -> str:
        if op not in ("delete", "insert"):
            return "".join(_run(run.text, _style(run)) for run in own)
        tag, text = ("del", "delText") if op == "delete" else ("ins", "t")
        words = "".join(_run(run.text, _style(run), text) for run in own)
        return f"<w:{tag} {self._author(by)}>{words}</w:{tag}>"

    def _author(self, by: tuple[int, ...]) -> str:
        author: ChangeAuthor = self._motion.authors[by]
        return f'w:id="{next(self._ids)}" w:author="{xml(author.name)}" w:date="{_seconds(author.time)}"'

    def _mark(self, passage: MarkedPassage) -> str:
        """The tracked change of the paragraph mark, if the whole paragraph is inserted or deleted."""
        op, by = _whole(passage)
        if op == "equal":
            return ""
        return f"<w:rPr><w:{'ins' if op == 'insert' else 'del'} {self._author(by)}/></w:rPr>"

    def _list(self) -> Iterator[str]:
        if self._motion.listed:
            yield _paragraph("Heading2", _run("Amendements"))
        for name, sentence in self._motion.listed:
            said = "".join(_run(run.text, _style(run)) for run in runs((MarkedPiece(sentence),)))
            yield _paragraph("", _run(f"{name}\n", "<w:b/>") + said)


_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1247" w:bottom="1134" w:left="1247" '
    'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)


def _whole(passage: MarkedPassage) -> tuple[str, tuple[int, ...]]:
    """What happens to the passage as a whole ("insert", "delete" or "equal"), and the numbers of the amendments that do
    it.
    """
    if passage.inserted_by:
        return "insert", (passage.inserted_by,)
    return ("delete", passage.pieces[0].deleted_by) if _is_gone(passage) else ("equal", ())


def _is_gone(passage: MarkedPassage) -> bool:
    """Whether the same amendments delete all words of the passage, and no other changes it."""
    return len(passage.pieces) == 1 and bool(passage.pieces[0].deleted_by)


def _style(run: OfficeRun) -> str:
    raised = '<w:vertAlign w:val="superscript"/>' if run.raised else ""
    return ("<w:b/>" if run.strong else "") + ("<w:i/>" if run.em else "") + raised


def _run(text: str, style: str = "", tag: str = "t") -> str:
    properties = f"<w:rPr>{style}</w:rPr>" if style else ""
    lines = "<w:br/>".join(f'<w:{tag} xml:space="preserve">{xml(line)}</w:{tag}>' for line in text.split("\n"))
    return f"<w:r>{properties}{lines}</w:r>"


def _paragraph(style: str, content: str, mark: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{mark}</w:pPr>" if named or mark else ""
    return f"<w:p>{properties}{content}</w:p>"
