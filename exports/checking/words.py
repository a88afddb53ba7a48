"""The sentences of verification reports, in French and in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from deliberation.record.report import Finding, Report


class Both(NamedTuple):
    """A sentence in French and in English, with placeholders such as `{name}`."""

    fr: str
    en: str

    def to(self, language: str) -> str:
        """The sentence in that language."""
        return self.en if language == "en" else self.fr


FINDINGS: dict[str, Both] = {
    "key.bad": Both("la clé n’est pas lisible ({why})", "the key cannot be read ({why})"),
    "key.differs": Both("ce n’est pas la clé que vous avez donnée", "this is not the key that you gave"),
    "file.missing": Both("le fichier manque", "the file is missing"),
    "file.changed": Both("le fichier a été modifié", "the file was changed"),
    "file.unexpected": Both("ce fichier n’est pas de l’archive", "this file is not of the archive"),
    "file.stray": Both("ce fichier n’a pas sa place dans le registre", "this file has no place in the record"),
    "manifest.bad": Both("la liste des fichiers ne tient pas ({why})", "the list of files does not hold ({why})"),
    "manifest.no_key": Both("sans clé, la liste n’est pas vérifiable", "without a key the list cannot be verified"),
    "zip.directory": Both("le conteneur zip a été modifié : {where}", "the zip container was changed: {where}"),
    "zip.member": Both(
        "l’en-tête zip de ce fichier, le répertoire du zip et le contenu ne concordent pas",
        "the zip header of this file, the zip directory and the content disagree",
    ),
    "checkpoint.bad": Both("ce point de contrôle ne tient pas ({why})", "this checkpoint does not hold ({why})"),
    "checkpoint.too_large": Both("taille démesurée : {size}", "unreasonable size: {size}"),
    "checkpoint.order": Both(
        "ce point de contrôle antérieur est illisible ou hors d’ordre",
        "this earlier checkpoint is unreadable or out of order",
    ),
    "checkpoint.root": Both(
        "la racine signée pour {size} entrées n’est pas celle que donnent les entrées",
        "the root signed for {size} entries is not the one that the entries give",
    ),
    "bundle.bad": Both("le lot d’entrées est illisible ({why})", "the bundle of entries cannot be read ({why})"),
    "bundle.width": Both("{found} éléments au lieu de {expected}", "{found} items instead of {expected}"),
    "tile.differs": Both("la tuile diffère de l’arbre recalculé", "the tile differs from the recomputed tree"),
    "entry.bad": Both("l’entrée n’est pas en forme canonique ({why})", "the entry is not in canonical form ({why})"),
    "entry.index": Both("l’entrée se dit la {stated}", "the entry says that it is {stated}"),
    "entry.time": Both("datée de {time}, avant la précédente ({before})", "dated {time}, before the last ({before})"),
    "payload.bad_file": Both("le lot de contenus est illisible ({why})", "the contents cannot be read ({why})"),
    "payload.bad": Both("le contenu n’est pas de la forme attendue ({why})", "the content is malformed ({why})"),
    "payload.kind": Both("acte d’un genre inconnu : {kind}", "act of an unknown kind: {kind}"),
    "payload.document": Both(
        "le contenu porte sur {found}, pas sur {stated}", "the content is of {found}, not {stated}"
    ),
    "payload.commitment": Both(
        "le contenu n’est pas celui auquel l’entrée s’engage", "the content is not the one that the entry commits to"
    ),
    "payload.removed": Both(
        "contenu supprimé en silence : aucun acte public ne le retire",
        "content silently removed: no public act takes it away",
    ),
    "payload.unmasked": Both(
        "les mots masqués par un caviardage sont revenus",
        "the words that a redaction masked have come back",
    ),
    "payload.redacted": Both(
        "contenu présent alors que le caviardage {redaction} l’a effacé",
        "content present although redaction {redaction} erased it",
    ),
    "redact.invalid": Both("caviardage sans valeur ({why})", "invalid redaction ({why})"),
    "revise.invalid": Both(
        "un témoignage est modifié ou retiré par un autre que son auteur, ou à moitié ({why})",
        "a testimony is changed or withdrawn by somebody else than its author, or by half ({why})",
    ),
    "withhold.stranger": Both(
        "cet acte retire ou publie l’entrée {target}, qui n’est pas du témoignage",
        "this act withholds or publishes entry {target}, which is not of the testimony",
    ),
    "congress.again": Both("le congrès est créé une seconde fois", "the congress is created a second time"),
    "congress.none": Both("le registre ne commence pas par un congrès", "the record does not begin with a congress"),
    "congress.origin": Both("le congrès est celui de {origin}", "the congress is that of {origin}"),
    "clock.differs": Both(
        "l’heure corrigée n’est pas celle de l’écriture précédente ({found}), ou n’est pas en avance",
        "the corrected time is not that of the entry before ({found}), or not ahead",
    ),
    "gap.differs": Both("la lacune déclarée n’est pas à cette place", "the declared gap is not at this place"),
    "text.version": Both("version {stated} au lieu de {found}", "version {stated} instead of {found}"),
    "text.rules": Both(
        "le texte gelé dit une version des règles ({rules}) qui n’est pas connue, ou qui revient en arrière",
        "the frozen text states a version of the rules ({rules}) that is not known, or that goes back",
    ),
    "text.hash": Both("l’empreinte du texte gelé diffère", "the hash of the frozen text differs"),
    "text.draft": Both(
        "le texte gelé n’est pas celui qui a été écrit", "the frozen text is not the one that was written"
    ),
    "text.not_adopted": Both(
        "le texte intègre des amendements qui n’ont pas été adoptés : {amendments}",
        "the text takes in amendments that were not adopted: {amendments}",
    ),
    "text.merge": Both(
        "le texte consolidé n’est pas celui que donnent les amendements adoptés",
        "the consolidated text is not the one that the adopted amendments give",
    ),
    "text.renumbered": Both(
        "les numéros du texte, ou ce qui y renvoie, ne sont pas ceux que donne la renumérotation",
        "the numbers of the text, or what refers to them, are not those that renumbering gives",
    ),
    "text.unaccounted": Both(
        "le texte change hors de ce que les amendements adoptés déclarent : {where}",
        "the text changes outside of what the adopted amendments declare: {where}",
    ),
    "amendment.refused": Both(
        "{document} n’a pas pu être proposé, changé ou cosigné ainsi ({why})",
        "{document} could not be proposed, changed or signed like that ({why})",
    ),
    "amendment.amended": Both(
        "{document} ne se lit pas ainsi avec ses sous-amendements adoptés",
        "{document} does not read like that with its adopted sub-amendments",
    ),
    "slip.refused": Both(
        "{person} n’a pas pu saisir, confirmer ou refuser ainsi un bulletin signé au scrutin {poll}",
        "{person} could not enter, confirm or refuse a signed slip like that in poll {poll}",
    ),
    "result.differs": Both(
        "{document} n’est pas ce que dit son archive Belenios, ou n’a pas été importé ainsi",
        "{document} is not what its Belenios archive says, or was not imported like that",
    ),
    "derived.differs": Both(
        "le registre ne dit pas cela : « {found} » au lieu de « {expected} »",
        "the record does not say so: “{found}” instead of “{expected}”",
    ),
    "derived.missing": Both("le registre donne ce fichier, qui manque", "the record gives this file, which is missing"),
    "derived.unexpected": Both("ce fichier ne vient pas du registre", "this file does not come from the record"),
    "derived.failed": Both(
        "les fichiers ne peuvent pas être refaits d’après le registre ({why})",
        "the files cannot be made again from the record ({why})",
    ),
    "data.bad": Both("la table est illisible", "the table cannot be read"),
    "data.differs": Both(
        "rangée {row}, colonne {column} : « {found} », quand le registre donne « {expected} »",
        "row {row}, column {column}: “{found}”, where the record gives “{expected}”",
    ),
    "data.rows": Both(
        "{found} rangées, quand le registre en donne {expected}", "{found} rows, where the record gives {expected}"
    ),
    "writing.not_allowed": Both(
        "{person} ne pouvait pas écrire alors dans {document} ({why})",
        "{person} could not write in {document} then ({why})",
    ),
    "receipt.bad": Both("le reçu ne tient pas ({why})", "the receipt does not hold ({why})"),
    "receipt.no_entry": Both(
        "ce reçu ancien ne contient pas son écriture : vérifiez-le avec le verify.py d’une archive",
        "this old receipt does not hold its entry: check it with the verify.py of an archive",
    ),
    "receipt.differs": Both(
        "l’écriture du reçu n’est pas celle que le registre a à cette place",
        "the entry of the receipt is not the one that the record has at that place",
    ),
    "poll.opening": Both("ouverture de scrutin irrégulière", "irregular opening of a poll"),
    "poll.electorate": Both("{person} n’avait pas le droit de voter", "{person} was not entitled to vote"),
    "poll.weights": Both(
        "les voix des inscrits au scrutin {poll} ne sont pas celles de la liste électorale",
        "the voices in poll {poll} are not those of the electoral list",
    ),
    "poll.second_call": Both(
        "le scrutin {poll} n’est pas une seconde convocation régulière", "poll {poll} is no regular second call"
    ),
    "proxy.refused": Both(
        "{person} ne pouvait ni donner ni retirer ce pouvoir", "{person} could neither give nor revoke this proxy"
    ),
    "poll.tally": Both(
        "le résultat du scrutin {poll} n’est pas celui que donnent les bulletins",
        "the result of poll {poll} is not the one that the ballots give",
    ),
    "poll.no_consequence": Both(
        "{document} a un résultat dont rien n’a été tiré", "{document} has a result that nothing followed from"
    ),
    "poll.identical": Both(
        "le scrutin {poll} tranche des amendements qui ne sont pas identiques",
        "poll {poll} settles amendments that are not identical",
    ),
    "sitting.differs": Both("ouverture ou clôture de séance irrégulière", "irregular opening or closing of a sitting"),
    "sitting.chair": Both("{person} ne pouvait pas présider la séance", "{person} could not chair the sitting"),
    "sitting.suspended": Both(
        "un acte de conduite a eu lieu pendant une suspension de séance",
        "an act of conduct took place while the sitting was suspended",
    ),
    "act.not_entitled": Both(
        "{person} ne conduisait pas la séance à ce moment", "{person} did not conduct the sitting then"
    ),
    "act.irreversible": Both(
        "l’acte de l’entrée {target} ne pouvait plus être rapporté", "the act of entry {target} could not be reverted"
    ),
    "act.taken_back": Both(
        "ce qui est rapporté avec l’acte de l’entrée {target} n’en découle pas",
        "what is taken back with the act of entry {target} does not follow from it",
    ),
    "seclusion.invalid": Both(
        "huis clos sans publication annoncée à l’avance", "closed drafting without a publication announced beforehand"
    ),
    "seclusion.publication": Both(
        "{by} ne pouvait pas publier alors ce qui a été écrit à huis clos",
        "{by} could not publish then what was written behind closed doors",
    ),
    "seclusion.frozen": Both("texte gelé à huis clos", "text frozen behind closed doors"),
    "in_camera.invalid": Both(
        "séance à huis clos sans publication annoncée à l’avance",
        "sitting in camera without a publication announced beforehand",
    ),
    "in_camera.publication": Both(
        "{by} ne pouvait pas publier alors ce qui s’est fait en séance à huis clos",
        "{by} could not publish then what was done in the sitting in camera",
    ),
    "attendance.refused": Both(
        "une présence a été notée que la règle n’admettait pas : {person}",
        "an attendance was entered that the rule did not admit: {person}",
    ),
    "speakers.refused": Both(
        "la liste des orateurs ou un temps de parole n’est pas celui de la règle : {person}",
        "the list of speakers or a speaking time is not that of the rule: {person}",
    ),
    "agenda.refused": Both(
        "{person} ne pouvait pas fixer ainsi l’ordre du jour", "{person} could not set the agenda in that way"
    ),
    "opinion.refused": Both(
        "l’avis sur {document} n’est pas celui du rapporteur", "the opinion on {document} is not the rapporteur's"
    ),
    "poll.present": Both(
        "les présents à l’ouverture du scrutin {poll} ne sont pas ceux de la liste de présence",
        "those present when poll {poll} opened are not those of the list of attendance",
    ),
    "poll.counting": Both(
        "le scrutin {poll} est compté par une autre version des règles que ceux d’avant",
        "poll {poll} is counted by another version of the rules than those before it",
    ),
    "poll.terms": Both(
        "le scrutin {poll} ne pouvait pas se tenir de cette façon", "poll {poll} could not be held in that way"
    ),
    "poll.part": Both(
        "le scrutin {poll} ne porte pas sur une partie à voter", "poll {poll} is not on a part that was to be voted"
    ),
    "poll.clock": Both(
        "l’horloge du scrutin {poll} n’est pas celle que donne la pause",
        "the clock of poll {poll} is not the one that its pause gives",
    ),
    "box.differs": Both(
        "l’urne du scrutin secret {poll} n’a pas un bulletin par émargement",
        "the box of secret poll {poll} does not hold one paper per signature",
    ),
    "hands.refused": Both(
        "{person} ne pouvait pas entrer ce compte au scrutin {poll}",
        "{person} could not enter that count in poll {poll}",
    ),
    "division.differs": Both(
        "la division de {document} n’en prend pas chaque morceau une fois",
        "the division of {document} does not take each of its pieces once",
    ),
    "text.division": Both(
        "le texte n’est pas fait des parties adoptées", "the text is not made of the parts that were adopted"
    ),
    "ballot.refused": Both(
        "{person} ne pouvait pas voter au scrutin {poll} à ce moment", "{person} could not vote in poll {poll} then"
    ),
    "outcome.differs": Both(
        "le sort annoncé pour {document} ne suit pas du scrutin", "the outcome of {document} does not follow its poll"
    ),
    "outcome.not_merged": Both(
        "{document} est adopté mais n’est dans aucun texte", "{document} is adopted but is in no text"
    ),
    "replay.stopped": Both("le registre ne peut pas être rejoué ({why})", "the record cannot be replayed ({why})"),
    "text.update": Both("{document} ne peut pas être rejoué ({why})", "{document} cannot be replayed ({why})"),
    "text.differs": Both(
        "{document} rejoué frappe par frappe n’est pas ce que dit le registre ({what})",
        "{document} replayed keystroke by keystroke is not what the record says ({what})",
    ),
    "text.authors": Both(
        "{document} : les auteurs des lettres ne sont pas ceux que dit la frappe",
        "{document}: the authors of the letters are not those that the keystrokes say",
    ),
    "older.bad": Both("l’ancien point de contrôle ne tient pas ({why})", "the older checkpoint does not hold ({why})"),
    "older.other_log": Both(
        "l’ancien point de contrôle est d’un autre registre : {origin}", "the older checkpoint is of {origin}"
    ),
    "older.longer": Both(
        "l’ancien point de contrôle comptait {size} entrées, le registre n’en a plus que {found}",
        "the older checkpoint had {size} entries, the record has only {found} now",
    ),
    "older.root": Both(
        "HISTOIRE RÉÉCRITE : les {size} premières entrées ne sont plus celles de l’ancien point de contrôle",
        "HISTORY REWRITTEN: the first {size} entries are no longer those of the older checkpoint",
    ),
    "witness.missing": Both(
        "le témoin {name} n’a pas cosigné ce point de contrôle", "the witness {name} has not cosigned this checkpoint"
    ),
    "witness.bad": Both(
        "la cosignature du témoin {name} ne tient pas ({why})", "the cosignature of {name} does not hold ({why})"
    ),
    "fetch.failed": Both("téléchargement impossible ({why})", "cannot be fetched ({why})"),
}

WITHHELD: dict[str, Both] = {
    "pending": Both("en attente de modération", "awaiting moderation"),
    "set_aside": Both("écarté", "set aside"),
    "hidden": Both("masqué", "hidden"),
    "open_poll": Both("bulletin d’un scrutin ouvert", "ballot of an open poll"),
    "huis_clos": Both("texte écrit à huis clos", "text written behind closed doors"),
    "seance": Both("acte d’une séance à huis clos", "act of a sitting in camera"),
}

COUNTS: dict[str, Both] = {
    "files": Both("fichiers de l’archive", "files of the archive"),
    "entries": Both("entrées, leur place et leur forme", "entries, their place and form"),
    "payloads": Both("contenus, chacun celui de son entrée", "contents, each the one of its entry"),
    "checkpoints": Both("points de contrôle antérieurs", "earlier checkpoints"),
    "texts": Both("textes gelés comparés à ce qui a été écrit", "frozen texts compared with what was written"),
    "merges": Both("consolidations recalculées", "merges recomputed"),
    "polls": Both("scrutins recomptés", "polls counted again"),
    "outcomes": Both("sorts recalculés", "outcomes recomputed"),
    "redactions": Both("caviardages examinés", "redactions examined"),
    "bursts": Both("passages de texte ou de carte, chacun par qui pouvait l’écrire", "bursts, by who might write them"),
    "remade": Both(
        "fichiers refaits d’après le registre, à l’octet près", "files made again from the record, to the byte"
    ),
    "receipts": Both("reçu : l’écriture est sous la racine signée", "receipt: the entry is under the signed root"),
}

SKIPPED: dict[str, Both] = {
    "version": Both(
        "Non comparé au registre, car fait par une autre version du programme ({program})",
        "Not compared with the record, being made by another version of the program ({program})",
    ),
    "values": Both(
        "Comparé au registre valeur par valeur, sauf les phrases, car fait par une autre version ({program})",
        "Compared with the record value by value, but for sentences, being made by another version ({program})",
    ),
    "drawing": Both(
        "Mots comparés au registre, mais non le tracé, fait par un autre moteur ({engine})",
        "Words compared with the record, but not the drawing, by another engine ({engine})",
    ),
    "clock": Both(
        "Comparé au registre valeur par valeur, sauf les phrases : cette machine ne connaît pas les fuseaux horaires",
        "Compared with the record value by value, but for sentences: this machine knows no timezones",
    ),
    "library": Both(
        "NON REGARDÉ par ce vérificateur, qui n’a que la bibliothèque standard (« pleniere verify » le refait)",
        "NOT LOOKED AT by this verifier, which has the standard library alone (“pleniere verify” makes it again)",
    ),
    "verifier": Both(
        "Ce vérificateur vient de l’archive : qui tient la clé a pu le changer (« pleniere verify » le compare)",
        "This verifier comes with the archive: whoever holds the key may have changed it (“pleniere verify” compares)",
    ),
    "record": Both("Non comparé au registre, qui ne tient pas", "Not compared with the record, which does not hold"),
    "site": Both(
        "Les pages du site n’ont pas été comparées au registre : cela se fait sur l’archive (restitution.zip)",
        "The pages of the site were not compared with the record: that is done on the archive (restitution.zip)",
    ),
}
"""Why files were not compared byte for byte with those made from the record."""

SAID: dict[str, Both] = {
    "entry": Both("entrée {entry}", "entry {entry}"),
    "line": Both("ligne {line}", "line {line}"),
    "older": Both("ancien point de contrôle n° {line}", "older checkpoint {line}"),
    "record": Both("registre", "record"),
    "origin": Both("Registre   {origin}", "Record     {origin}"),
    "size": Both("Taille     {size} entrées, la dernière du {last}", "Size       {size} entries, the last of {last}"),
    "signed_size": Both("Taille     {size} entrées", "Size       {size} entries"),
    "root": Both("Racine     {root}", "Root       {root}"),
    "key": Both("Clé        {key}", "Key        {key}"),
    "key_given": Both("           celle que vous avez donnée", "           the one that you gave"),
    "key_beside": Both(
        "           trouvée à côté du registre : donnez celle que vous tenez d’ailleurs avec --key",
        "           found beside the record: give the one that you know from elsewhere with --key",
    ),
    "checked": Both("Vérifié :", "Checked:"),
    "withheld": Both(
        "Contenu non public par un acte en vigueur, {what}", "Content withheld by an act in force, {what}"
    ),
    "redacted": Both("Contenu effacé par le caviardage {redaction}", "Content erased by redaction {redaction}"),
    "erased": Both("Contenu effacé par son auteur", "Content erased by its author"),
    "entries": Both("entrées {entry}", "entries {entry}"),
    "more": Both("… et {count} de plus", "… and {count} more"),
    "continues": Both(
        "Le registre prolonge l’ancien point de contrôle de {size} entrées : rien de ce qu’il couvre n’a été réécrit.",
        "The record continues the older checkpoint of {size} entries: nothing that it covers was rewritten.",
    ),
    "witnessed": Both(
        "Le témoin {witness} a cosigné ce point de contrôle le {time} : il n’avait vu aucune autre histoire.",
        "The witness {witness} cosigned this checkpoint on {time}: it had seen no other history.",
    ),
    "unknown": Both(
        "Autres signatures, non vérifiées : {names}. Donnez la clé d’un témoin auquel vous vous fiez : --witness CLÉ.",
        "Other signatures, not checked: {names}. Give the key of a witness that you trust: --witness KEY.",
    ),
    "operator": Both(
        "À savoir : la signature ne prouve rien contre l’organisateur, qui tient la clé et pourrait signer une autre\n"
        "histoire. Seuls le montrent un point de contrôle plus ancien, gardé ailleurs (procès-verbal imprimé, reçu) :\n"
        "--older FICHIER, ou un témoin indépendant : --witness CLÉ.",
        "Note: the signature proves nothing against the operator, who holds the key and could sign another history.\n"
        "Only an older checkpoint kept elsewhere (printed minutes, a receipt) shows it: --older FILE, or an\n"
        "independent witness: --witness KEY.",
    ),
    "partly": Both(
        "OK : tout ce qui a été regardé concorde ; le reste est nommé ci-dessus.",
        "OK: everything that was looked at agrees; what was not is named above.",
    ),
    "ok": Both("OK : tout concorde.", "OK: everything agrees."),
    "wrong": Both("ÉCHEC : {count} anomalie(s).", "FAILED: {count} finding(s)."),
}

SHOWN = 20
FILES = 6
"""The most files that are named for each of these reasons."""
COLON = {"fr": " : ", "en": ": "}


def say(name: str, language: str, **params: str | int) -> str:
    """The phrase with that name, with its placeholders filled."""
    return SAID[name].to(language).format(**params)


def place(finding: Finding, language: str) -> str:
    """The place of a finding in words: file, entry and line, as far as they are known."""
    if finding.code.startswith("older."):
        return say("older", language, line=finding.line or finding.params.get("number", 1))
    parts = [finding.file] if finding.file else []
    if finding.entry is not None:
        parts.append(say("entry", language, entry=finding.entry))
    if finding.line is not None:
        parts.append(say("line", language, line=finding.line))
    return ", ".join(parts) or say("record", language)


def _told(report: Report, index: int | None, language: str) -> str:
    """A description of the entry; "" if there is none."""
    told = None if index is None else report.sentences.get(index)
    if told is None:
        return ""
    return f"{say('entry', language, entry=index or 0)}{COLON[language]}{told.en if language == 'en' else told.fr}"


def sentence(finding: Finding, language: str) -> str:
    """A finding as a sentence: the place, and what is wrong."""
    known = FINDINGS.get(finding.code)
    said = known.to(language).format(**finding.params) if known else f"{finding.code} {dict(finding.params)}"
    return f"{place(finding, language)}{COLON[language]}{said}"


def lines(report: Report, language: str) -> Iterator[str]:
    """The whole report as lines for a terminal."""
    if report.root:
        yield say("origin", language, origin=report.origin)
        yield say("size" if report.last_time else "signed_size", language, size=report.size, last=report.last_time)
        yield say("root", language, root=report.root)
    if report.key:
        yield say("key", language, key=report.key)
        yield say("key_given" if report.key_given else "key_beside", language)
    yield say("checked", language)
    yield from (f"  {count:>9}  {COUNTS[name].to(language)}" for name, count in report.counts.items())
    yield from _asked(report, language)
    yield from _absences(report, language)
    yield from (say("continues", language, size=size) for size in report.older)
    yield from _witnesses(report, language)
    yield from _skipped(report, language)
    yield say("operator", language)
    yield ""
    yield from _verdict(report, language)


def _witnesses(report: Report, language: str) -> Iterator[str]:
    for vkey, time in report.cosigned.items():
        yield say("witnessed", language, witness=vkey.partition("+")[0], time=time)
    if report.unknown:
        yield say("unknown", language, names=", ".join(report.unknown[:SHOWN]))


def _asked(report: Report, language: str) -> Iterator[str]:
    """The lines that describe the entries for which receipts were given."""
    name = "Receipt" if language == "en" else "Reçu"
    return (f"{name}{COLON[language]}{told}" for index in report.asked if (told := _told(report, index, language)))


def _skipped(report: Report, language: str) -> Iterator[str]:
    """Lines about what was not compared."""
    unnamed = "sans nom" if language == "fr" else "unnamed"
    for why, paths in report.skipped.items():
        said = SKIPPED[why].to(language).format(program=report.program or unnamed, engine=report.engine or unnamed)
        more = f" {say('more', language, count=len(paths) - FILES)}" if len(paths) > FILES else ""
        listed = ", ".join(paths[:FILES]) + more
        yield said + (f"{COLON[language]}{listed}." if listed else ".")


def _absences(report: Report, language: str) -> Iterator[str]:
    """Lines about missing contents: each reason with the entries concerned."""
    groups: dict[str, list[int]] = {}
    for index, why in report.withheld.items():
        what = WITHHELD[why].to(language) if why in WITHHELD else why
        groups.setdefault(say("withheld", language, what=what), []).append(index)
    for index, number in report.redacted.items():
        reason = say("redacted", language, redaction=number) if number else say("erased", language)
        groups.setdefault(reason, []).append(index)
    for reason, indices in groups.items():
        yield f"{reason}{COLON[language]}{_listed(indices, language)}"
        yield from (f"    {told}" for index in indices if (told := _told(report, index, language)))


def _listed(indices: list[int], language: str) -> str:
    shown = ", ".join(map(str, indices[:SHOWN]))
    more = f" {say('more', language, count=len(indices) - SHOWN)}" if len(indices) > SHOWN else ""
    return say("entries" if len(indices) > 1 else "entry", language, entry=shown + more)


def _verdict(report: Report, language: str) -> Iterator[str]:
    if report.ok:
        yield say("partly" if report.skipped else "ok", language)
        return
    yield say("wrong", language, count=report.finding_count)
    for finding in report.findings:
        yield f"  - {sentence(finding, language)}"
        if told := _told(report, finding.entry, language):
            yield f"    {told}"
    if report.finding_count > len(report.findings):
        yield "  " + say("more", language, count=report.finding_count - len(report.findings))


Write = Callable[[str], object]


def tell(report: Report, language: str, write: Write) -> None:
    """Writes the report, one line at a time."""
    for line in lines(report, language):
        write(line + "\n")
