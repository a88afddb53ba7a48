"""Which tables there are and what their columns mean.

Names of columns are English and stable; titles are French. Types are those of Table Schema, and `list` for several
numbers or names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from exports import rows
from exports.dossier import Dossier


@dataclass(frozen=True)
class Column:
    """`to` names the table whose `number` the column refers to; `is_told`: this program words its texts."""

    name: str
    title: str
    type: str = "string"
    description: str = ""
    to: str = ""
    is_told: bool = False


@dataclass(frozen=True)
class Table:
    """`key` are the columns that make a row unique."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: Callable[[Dossier], Iterable[rows.Row]]
    key: tuple[str, ...] = ("number",)


def _number(title: str = "Numéro") -> Column:
    return Column("number", title, "integer")


def _entry(title: str = "Entrée du registre") -> Column:
    return Column("entry", title, "integer", "Index dans le registre (record/).")


def _when(name: str, title: str) -> Column:
    return Column(name, title, "datetime", "En temps universel.")


def _who(name: str, title: str) -> Column:
    return Column(name, title, description="Pseudonyme de `personnes`, « visiteur » ou « congres ».")


TABLES: tuple[Table, ...] = (
    Table(
        "temoignages",
        "Témoignages",
        "Ce qui a été dit. Un contenu qui n’est pas public est vide : `status` et `reason` disent pourquoi.",
        (
            _number(),
            _when("sent", "Reçu le"),
            _who("author", "Envoyé par"),
            Column("status", "État", description="pending, published, set_aside, hidden ou redacted."),
            Column("reason", "Motif"),
            _when("decided", "Décidé le"),
            Column("title", "Titre"),
            Column("text", "Texte", description="Markdown."),
            Column("video", "Vidéo"),
            Column("channel", "Canal"),
            Column("theme", "Thème"),
            Column("speaker_name", "Nom de qui parle"),
            Column("speaker_mandate", "Mandat"),
            Column("speaker_collectivity", "Collectivité"),
            Column("speaker_code", "Code INSEE"),
            Column("excerpts", "Extraits cités", "list"),
            Column("placed", "Placé sur une carte", "boolean"),
            Column("cited", "Cité dans une motion", "boolean"),
            Column("final", "Présent dans un texte adopté", "boolean"),
            _entry(),
        ),
        rows.testimonies,
    ),
    Table(
        "extraits",
        "Extraits",
        "Passages cités mot pour mot : caractères [start, end) du texte, ou secondes de la vidéo.",
        (
            _number(),
            Column("testimony", "Témoignage", "integer", to="temoignages"),
            Column("medium", "Support", description="text ou video."),
            Column("start", "Début", "integer"),
            Column("end", "Fin", "integer"),
            Column("quote", "Passage"),
            _who("author", "Cité par"),
            _when("time", "Cité le"),
            _entry(),
        ),
        rows.excerpts,
    ),
    Table(
        "cartes",
        "Cartes mentales",
        "Une ligne par carte.",
        (
            _number(),
            Column("title", "Titre"),
            _who("author", "Créée par"),
            _when("created", "Créée le"),
            _when("changed", "Changée le"),
            Column("nodes", "Idées", "integer"),
        ),
        rows.maps,
    ),
    Table(
        "idees",
        "Idées des cartes",
        "Chaque idée à sa place, dans l’ordre de lecture.",
        (
            Column("map", "Carte", "integer", to="cartes"),
            Column("id", "Identifiant"),
            Column("parent", "Sous l’idée", description="Vide pour une branche principale."),
            Column("rank", "Rang", "integer"),
            Column("depth", "Profondeur", "integer"),
            Column("text", "Texte"),
            Column("excerpts", "Repose sur les extraits", "list"),
        ),
        rows.nodes,
        ("map", "id"),
    ),
    Table(
        "motions",
        "Motions",
        "Une ligne par motion.",
        (
            _number(),
            Column("title", "Titre"),
            Column("status", "État", description="drafting, frozen, adopted ou rejected."),
            _who("author", "Créée par"),
            _when("created", "Créée le"),
            _when("changed", "Changée le"),
            Column("versions", "Versions gelées", "integer"),
            Column("poll", "Scrutin sur l’ensemble", "integer", to="scrutins"),
            Column("source", "Texte proposé par", description="Vide pour un texte que des élus ont écrit."),
            _who("taken_up_by", "Repris par"),
        ),
        rows.motions,
    ),
    Table(
        "remarques",
        "Remarques",
        "Commentaires et suggestions sur les projets de motion, avec leur suite.",
        (
            _number(),
            Column("motion", "Motion", "integer", to="motions"),
            Column("clause", "Clause", description="Vide pour l’ensemble du texte."),
            Column("reply_to", "Réponse à", "integer", to="remarques"),
            _who("author", "Par"),
            _when("time", "Le"),
            Column("quote", "Passage commenté"),
            Column("text", "Commentaire"),
            Column("base", "Mots d’alors", description="Markdown ; pour une suggestion."),
            Column("proposal", "Mots suggérés", description="Markdown ; vide pour un commentaire."),
            Column("status", "Suite", description="open, resolved, accepted ou declined."),
            _who("settled_by", "Suite donnée par"),
            _when("settled", "Suite donnée le"),
            _entry(),
        ),
        rows.remarks,
    ),
    Table(
        "versions",
        "Versions des motions",
        "Chaque texte gelé.",
        (
            Column("motion", "Motion", "integer", to="motions"),
            Column("version", "Version", "integer"),
            Column("title", "Titre"),
            _when("time", "Gelée le"),
            Column("hash", "Empreinte SHA-256"),
            Column("base", "Version amendée", "integer"),
            Column("adopted", "Amendements intégrés", "list"),
            _entry(),
        ),
        rows.versions,
        ("motion", "version"),
    ),
    Table(
        "clauses",
        "Clauses",
        "Chaque clause de chaque version gelée ; `citations` : les extraits sur lesquels elle repose.",
        (
            Column("motion", "Motion", "integer", to="motions"),
            Column("version", "Version", "integer"),
            Column("rank", "Rang", "integer"),
            Column("id", "Identifiant", description="Le même d’une version à l’autre."),
            Column("kind", "Nature", description="visa, considerant, demande, intertitre ou note."),
            Column("number", "Numéro", "integer"),
            Column("markdown", "Texte", description="Markdown ; [^12] cite l’extrait 12."),
            Column("addressee", "Destinataire"),
            Column("citations", "Extraits cités", "list"),
            Column("writers", "Écrite par", "list"),
        ),
        rows.clauses,
        ("motion", "version", "id"),
    ),
    Table(
        "amendements",
        "Amendements",
        "Ce qui a été proposé, et son sort.",
        (
            _number(),
            Column("motion", "Motion", "integer", to="motions"),
            Column("base", "Version visée", "integer"),
            Column("aim", "But", description="delete, rewrite, insert, move ou title."),
            Column("clause", "Clause", description="Pour une insertion : celle qu’elle suit."),
            Column("new_kind", "Nature de la clause insérée"),
            Column("text", "Texte proposé"),
            Column("rationale", "Exposé des motifs"),
            _who("author", "Auteur"),
            _when("tabled", "Déposé le"),
            Column("late_reason", "Motif du retard"),
            Column("status", "Sort"),
            Column("reason", "Raison", is_told=True),
            _when("settled", "Fixé le"),
            _who("settled_by", "Fixé par"),
            Column("poll", "Scrutin", "integer", to="scrutins"),
            Column("because_of", "Du fait de l’amendement", "integer", to="amendements"),
            Column("opinion", "Avis"),
            Column("opinion_comment", "Motif de l’avis"),
            Column("parent", "Sous-amende", "integer", "L’amendement que vise un sous-amendement.", to="amendements"),
            Column("after", "Placée après", description="Pour un déplacement : la clause qui précède."),
            Column("instruction", "Consigne", description="Le changement dit en mots."),
            Column("called", "Numéro appelé", description="Avec « rect. », « rect. bis »…"),
            Column("signatures", "Cosignataires", "list"),
            Column("amended_by", "Sous-amendements adoptés", "list"),
            Column("dispositif", "Dispositif", description="Ce qu’il change, dit dans les formes des assemblées."),
        ),
        rows.amendments,
    ),
    Table(
        "redactions_amendements",
        "Rédactions des amendements",
        "Chaque rédaction d’un amendement par son auteur, de la première à la dernière ; sans les sous-amendements.",
        (
            Column("amendment", "Amendement", "integer", to="amendements"),
            Column("rank", "Rectification", "integer", "0 pour le dépôt."),
            Column("called", "Numéro appelé"),
            _when("time", "Depuis le"),
            Column("text", "Texte proposé"),
            Column("rationale", "Exposé des motifs"),
            Column("new_kind", "Nature de la clause insérée"),
            Column("after", "Placée après"),
        ),
        rows.wordings,
        ("amendment", "rank"),
    ),
    Table(
        "origines",
        "Origines des mots",
        "D’où vient chaque mot de la dernière version gelée de chaque motion : qui l’a écrit dans le projet, ou quel "
        "amendement l’a apporté. `python3 verify.py` le recalcule depuis le registre.",
        (
            Column("motion", "Motion", "integer", to="motions"),
            Column("version", "Version", "integer"),
            Column("clause", "Clause", description="Vide pour le titre."),
            Column("rank", "Rang", "integer", "À partir de 0 : les mots d’une clause, dans l’ordre, sont la clause."),
            Column("text", "Mots"),
            _who(
                "person",
                "Auteur",
            ),
            Column("amendment", "Amendement", "integer", "Vide : des mots du projet.", to="amendements"),
            Column(
                "suggestion",
                "Suggestion",
                "integer",
                "Remarque qui a suggéré ces mots du projet, si elle fut acceptée.",
            ),
            _who("accepted_by", "Acceptée par"),
        ),
        rows.origins,
        ("motion", "clause", "rank"),
    ),
    Table(
        "mots_changes",
        "Mots changés",
        "Les mots que chaque amendement change : à ce caractère du texte visé, les uns remplacent les autres.",
        (
            Column("amendment", "Amendement", "integer", to="amendements"),
            Column("rank", "Rang", "integer"),
            Column("start", "Caractère", "integer", "À partir de 0, en points de code."),
            Column("old", "Mots remplacés"),
            Column("new", "Mots proposés"),
        ),
        rows.changed_words,
        ("amendment", "rank"),
    ),
    Table(
        "scrutins",
        "Scrutins",
        "Les votes, leur règle et leur résultat.",
        (
            _number(),
            Column("subject", "Objet"),
            Column("question", "Question", is_told=True),
            _when("opened", "Ouvert le"),
            _who("opened_by", "Ouvert par"),
            _when("closed", "Clos le"),
            Column("entitled", "Inscrits", "integer"),
            Column("majority", "Majorité"),
            Column("strict", "Plus que la majorité", "boolean"),
            Column("base", "Base", description="exprimes, presents ou inscrits."),
            Column("tie", "Égalité", description="rejected ou chair."),
            Column("chair", "Présidence"),
            Column("quorum", "Quorum"),
            Column("quorum_base", "Quorum compté en", description="personnes ou voix."),
            Column("weights", "Pondération", description="personne, collectivite ou population."),
            Column("proxies", "Pouvoirs admis par votant", "integer"),
            Column("changeable", "Un vote pouvait être changé", "boolean"),
            Column("participation", "Le nombre de votants était montré", "boolean"),
            Column("college", "Collège", "integer", to="colleges"),
            Column("second_call_of", "Seconde convocation de", "integer", to="scrutins"),
            Column("way", "Façon de voter", description="public, mains ou secret."),
            Column("part", "Partie", "integer", description="D’un vote par division."),
            Column("sheet", "Vote groupé", "integer", description="Le premier scrutin du groupe.", to="scrutins"),
            _when("announced", "Clôture annoncée"),
            Column("cancelled", "Annulé", description="La raison."),
            Column("in_favour", "Pour", "integer"),
            Column("against", "Contre", "integer"),
            Column("abstain", "Abstentions", "integer"),
            Column("needed", "Voix nécessaires", "integer"),
            Column("quorum_met", "Quorum atteint", "boolean"),
            Column("carried", "Adopté", "boolean"),
        ),
        rows.polls,
    ),
    Table(
        "bulletins",
        "Bulletins",
        "Scrutins publics clos : qui a voté quoi ; vide : n’a pas voté.",
        (
            Column("poll", "Scrutin", "integer", to="scrutins"),
            Column("voter", "Inscrit"),
            Column("choice", "Vote", description="pour, contre ou abstention."),
            Column("voices", "Voix", "integer"),
            Column("by_proxy", "Par pouvoir", description="Qui a voté en son nom ; vide : elle ou lui-même."),
        ),
        rows.ballots,
        ("poll", "voter"),
    ),
    Table(
        "emargements",
        "Émargements",
        "Scrutins secrets : qui a pris part, jamais ce qu’il ou elle a répondu ; vide : n’a pas voté.",
        (
            Column("poll", "Scrutin", "integer", to="scrutins"),
            Column("voter", "Inscrit"),
            Column("entry", "Écriture", "integer"),
            Column("by_proxy", "Par pouvoir", description="Qui a pris part en son nom."),
        ),
        rows.signatures,
        ("poll", "voter"),
    ),
    Table(
        "urnes",
        "Urnes",
        "Scrutins secrets clos : les bulletins de l’urne, triés par réponse ; leur rang ne dit rien de qui les a mis.",
        (
            Column("poll", "Scrutin", "integer", to="scrutins"),
            Column("rank", "Rang", "integer"),
            Column("paper", "Bulletin", description="pour, contre, blanc, ou le pseudonyme d’un candidat."),
        ),
        rows.papers,
        ("poll", "rank"),
    ),
    Table(
        "mains_levees",
        "Mains levées",
        "Les comptes de chaque scrutateur ; sans scrutateur : la décision de la présidence, avec sa raison.",
        (
            Column("poll", "Scrutin", "integer", to="scrutins"),
            Column("teller", "Scrutateur"),
            Column("in_favour", "Pour", "integer"),
            Column("against", "Contre", "integer"),
            Column("abstain", "Abstentions", "integer"),
            Column("present", "Présents", "integer"),
            Column("chair", "Vote de la présidence"),
            Column("reason", "Raison"),
        ),
        rows.hands,
        ("poll", "teller"),
    ),
    Table(
        "divisions",
        "Votes par division",
        "Ce qui se vote partie par partie ; `pieces` : les clauses, ou les changements de mots, dans l’ordre du texte.",
        (
            Column("subject", "Objet"),
            Column("part", "Partie", "integer"),
            Column("pieces", "Morceaux", "list"),
            Column("carried", "Adoptée", "boolean"),
            _who("asked_by", "Demandée par"),
        ),
        rows.divisions,
        ("subject", "part"),
    ),
    Table(
        "elections",
        "Élections",
        "Les fonctions à pourvoir, leurs tours de scrutin secret et qui est élu.",
        (
            _number(),
            Column("office", "Fonction"),
            Column("seats", "Sièges", "integer"),
            Column("candidates", "Candidats", "list"),
            Column("rounds", "Tours", "list", description="Numéros des scrutins."),
            Column("absolute", "Tours à la majorité absolue", "integer"),
            Column("tie", "Égalité", description="again (nouveau tour) ou chair (la présidence)."),
            Column("quorum", "Quorum"),
            Column("elected", "Élus", "list"),
        ),
        rows.elections,
    ),
    Table(
        "elus",
        "Personnes élues",
        "Qui est élu à quelle élection, dans l’ordre où cela fut constaté.",
        (
            Column("election", "Élection", "integer", to="elections"),
            Column("rank", "Rang", "integer"),
            _who("person", "Personne"),
            Column("poll", "Scrutin", "integer", to="scrutins"),
            Column("reason", "Raison", description="De la présidence, après une égalité."),
        ),
        rows.elected,
        ("election", "rank"),
    ),
    Table(
        "resultats_importes",
        "Résultats importés",
        "Scrutins tenus ailleurs, tels que consignés : non recomptés par Plénière.",
        (
            Column("result", "Résultat", "integer"),
            Column("rank", "Rang", "integer"),
            Column("title", "Objet"),
            Column("url", "Adresse"),
            Column("uuid", "Identifiant"),
            Column("voters", "Votants", "integer"),
            Column("label", "Réponse"),
            Column("votes", "Voix", "integer"),
            Column("files", "Empreintes SHA-256", "list"),
            Column("recorded_by", "Consigné par"),
        ),
        rows.outside,
        ("result", "rank"),
    ),
    Table(
        "seances",
        "Séances",
        "Les séances du congrès, et les entrées du registre entre lesquelles chacune se tient.",
        (
            _number(),
            _who("chair", "Présidence, à la fin"),
            _when("opened", "Ouverte le"),
            _who("opened_by", "Ouverte par"),
            _when("closed", "Levée le"),
            _who("closed_by", "Levée par"),
            Column("first", "Première entrée", "integer"),
            Column("last", "Dernière entrée", "integer"),
        ),
        rows.sittings,
    ),
    Table(
        "actes",
        "Actes de la présidence",
        "Recevabilité, réserve, ordre, discussions communes, sorts sans vote, et ce qui en fut rapporté.",
        (
            _entry(),
            Column("kind", "Acte", description="Nature de l’entrée au registre."),
            Column("motion", "Motion", "integer", to="motions"),
            Column("amendments", "Amendements", "list"),
            Column("discussion", "Discussion commune", "integer"),
            _when("time", "Le"),
            _who("actor", "Par"),
            Column("reason", "Raison"),
            Column("other", "Amendement nommé", "integer", to="amendements"),
            Column("undoes", "Rapporte l’entrée", "integer"),
            Column("reverted", "Rapporté par l’entrée", "integer"),
        ),
        rows.acts,
        ("entry",),
    ),
    Table(
        "pouvoirs",
        "Pouvoirs",
        "Qui a donné pouvoir à qui de voter en son nom, et quand ce pouvoir a été révoqué.",
        (
            _number(),
            _who("giver", "Donné par"),
            _who("bearer", "Porté par"),
            _when("given", "Donné le"),
            _when("ended", "Révoqué le"),
        ),
        rows.proxies,
    ),
    Table(
        "electeurs",
        "Liste électorale",
        "Les voix et la population que chacun représente dans les scrutins pondérés.",
        (
            _who("person", "Personne"),
            Column("voices", "Voix", "integer"),
            Column("population", "Population", "integer"),
        ),
        rows.electors,
        ("person",),
    ),
    Table(
        "colleges",
        "Collèges",
        "Les listes qui peuvent être appelées à voter seules.",
        (_number(), Column("title", "Nom"), Column("members", "Membres", "list")),
        rows.colleges,
    ),
    Table(
        "personnes",
        "Personnes",
        "Qui a pris part au congrès.",
        (
            Column("id", "Pseudonyme"),
            Column("role", "Rôle"),
            Column("name", "Nom"),
            Column("mandate", "Mandat"),
            Column("collectivity", "Collectivité"),
            Column("code", "Code INSEE"),
            _when("since", "Depuis"),
            Column("revoked", "Accès retiré", "boolean"),
            Column("revoked_reason", "Motif du retrait"),
        ),
        rows.people,
        ("id",),
    ),
    Table(
        "phases",
        "Phases",
        "Le calendrier du congrès.",
        (Column("phase", "Phase"), _when("opens", "Ouvre le"), _when("closes", "Ferme le")),
        rows.phases,
        ("phase",),
    ),
    Table(
        "caviardages",
        "Caviardages",
        "Ce qui a été effacé pour toujours, et pourquoi ; `targets` : les entrées du registre.",
        (
            _number(),
            Column("status", "État"),
            Column("targets", "Entrées", "list"),
            Column("ground", "Fondement"),
            Column("statement", "Exposé des motifs"),
            _who("proposed_by", "Proposé par"),
            _when("proposed", "Proposé le"),
            _who("decided_by", "Décidé par"),
            _when("decided", "Décidé le"),
            Column("reason", "Motif du refus"),
        ),
        rows.redactions,
    ),
    Table(
        "fils",
        "Fils",
        "De chaque extrait vers ce qui repose sur lui : idée, clause, amendement, scrutin, texte adopté.",
        (
            Column("testimony", "Témoignage", "integer", to="temoignages"),
            Column("excerpt", "Extrait", "integer", to="extraits"),
            Column("kind", "Nature", description="node, clause, final_text, amendment ou poll."),
            Column("target", "Vers"),
        ),
        rows.threads,
        ("excerpt", "kind", "target"),
    ),
    Table(
        "registre",
        "Registre",
        "Chaque entrée en mots ; les entrées mêmes, leurs empreintes et leurs preuves sont dans record/.",
        (
            Column("index", "Index", "integer"),
            _when("time", "Date"),
            _who("actor", "Acteur"),
            Column("kind", "Nature"),
            Column("document", "Document"),
            Column("words", "En mots", is_told=True),
            Column("words_en", "En mots, en anglais", is_told=True),
            Column("content", "Contenu", description="public, ou la raison de son absence."),
        ),
        rows.record,
        ("index",),
    ),
)
