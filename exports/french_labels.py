"""The French words for what the record writes as codes, for outputs that stand without the application."""

from __future__ import annotations

from deliberation.kernel import ids
from deliberation.kernel.state import Person, State, Testimony
from deliberation.kernel.vocabulary import Aim, Channel, Choice, Clause, ClauseKind, Phase, PollRule, Role, Speaker, Way

ROLES = {Role.ELU: "Élu ou élue", Role.ORGANISER: "Organisation", Role.SCRIBE: "Scribe"}
ROLE_PLURALS = {Role.ELU: "Élues et élus", Role.ORGANISER: "Organisation", Role.SCRIBE: "Scribes"}
PHASES = {
    Phase.COLLECT: "Collecte",
    Phase.MAPS: "Cartes",
    Phase.DRAFTING: "Rédaction",
    Phase.AMENDMENTS: "Amendements",
    Phase.VOTE: "Vote",
    Phase.RESTITUTION: "Restitution",
}
CHANNELS = {
    Channel.WEB: "en ligne",
    Channel.VIDEO: "vidéo",
    Channel.PHONE: "téléphone",
    Channel.PAPER: "papier",
    Channel.WORKSHOP: "atelier",
    Channel.FLOOR: "tribune",
}
TESTIMONIES = {
    "published": "Publié",
    "pending": "En attente de modération",
    "set_aside": "Écarté",
    "hidden": "Masqué",
    "redacted": "Caviardé",
}
MOTIONS = {
    "drafting": "En rédaction",
    "frozen": "Texte gelé",
    "adopted": "Motion adoptée",
    "rejected": "Motion rejetée",
}
AMENDMENTS = {
    "tabled": "Déposé",
    "admitted": "Recevable",
    "reserved": "Réservé",
    "adopte": "Adopté",
    "adopte_rectifie": "Adopté rectifié",
    "rejete": "Rejeté",
    "retire": "Retiré",
    "non_soutenu": "Non soutenu",
    "tombe": "Tombé",
    "satisfait": "Satisfait",
    "sans_objet": "Sans objet",
    "irrecevable": "Irrecevable",
}
AIMS = {
    Aim.DELETE: "Supprimer",
    Aim.REWRITE: "Modifier",
    Aim.INSERT: "Insérer",
    Aim.TITLE: "Modifier le titre",
    Aim.MOVE: "Déplacer",
}
CLAUSES = {
    ClauseKind.VISA: "Visa",
    ClauseKind.CONSIDERANT: "Considérant",
    ClauseKind.DEMANDE: "Demande",
    ClauseKind.HEADING: "Intertitre",
    ClauseKind.NOTE: "Note explicative",
}
SECTIONS = {
    ClauseKind.VISA: "Visas",
    ClauseKind.CONSIDERANT: "Considérants",
    ClauseKind.DEMANDE: "Demandes",
    ClauseKind.NOTE: "Notes explicatives",
}
"""What a row of clauses of one kind is called."""
WAYS = {Way.PUBLIC: "Appel nominal", Way.HANDS: "À main levée", Way.SECRET: "Scrutin secret"}
GROUNDS_OF_SECRECY = {
    "reglement": "Secret prévu par le règlement du congrès",
    "nomination": "Secret : nomination ou élection de personnes",
    "tiers": "Secret demandé par un tiers des présents",
}
CHOICES = {Choice.FOR: "Pour", Choice.AGAINST: "Contre", Choice.ABSTAIN: "Abstention"}
OPINIONS = {
    "favorable": "Favorable",
    "defavorable": "Défavorable",
    "sagesse": "Sagesse de l’assemblée",
    "retrait": "Demande de retrait",
    "satisfait": "Satisfait",
    "reserve": "Favorable sous réserve",
}
ABSENCES = {
    "": "public",
    "pending": "en attente de modération",
    "set_aside": "écarté à la modération",
    "hidden": "masqué",
    "open_poll": "publié à la clôture du scrutin",
    "huis_clos": "écrit à huis clos, publié au terme annoncé",
    "redacted": "caviardé",
}
BASES = {
    "exprimes": "des suffrages exprimés",
    "presents": "des votants",
    "inscrits": "des inscrits",
}
REDACTIONS = {"proposed": "Proposé", "refused": "Refusé", "done": "Décidé"}


def person(state: State, actor: str) -> str:
    """Who acted: a name, or what stands in its place."""
    if actor == ids.CONGRESS:
        return "Le congrès"
    if actor == ids.VISITOR:
        return "Une visiteuse ou un visiteur"
    found = state.people.get(actor)
    return found.name if found and found.name else f"Personne {actor} (nom caviardé)"


def office(one: Person | Speaker) -> str:
    """Mandate and collectivity, as far as they are known."""
    return ", ".join(part for part in (one.mandate, one.collectivity) if part)


def speaker(state: State, testimony: Testimony) -> tuple[str, str]:
    """The name and office of who speaks: the speaker named, else the élu who sent it, else nobody by name."""
    said, author = testimony.speaker, state.people.get(testimony.author)
    if said.name:
        return said.name, office(said)
    if author is not None and author.role is Role.ELU:
        return person(state, author.id), office(author)
    if testimony.author == ids.VISITOR:
        return "Une visiteuse ou un visiteur", office(said)
    return "Une personne qui n’a pas donné son nom", office(said)


def clause(one: Clause) -> str:
    """Such as « Considérant 3 »."""
    return f"{CLAUSES[one.kind]} {one.number}"


WEIGHTS = {
    "collectivite": "chacun a les voix de sa collectivité",
    "population": "chacun a les voix de la tranche de population qu’il représente",
}


def rule(one: PollRule) -> str:
    """How a poll is decided, in one sentence."""
    simple = (one.majority_n, one.majority_d, one.strict) == (1, 2, True)
    most = (
        "plus de la moitié"
        if simple
        else f"{'plus de' if one.strict else 'au moins'} {one.majority_n}/{one.majority_d}"
    )
    parts = [f"Adopté par {most} {BASES.get(one.base, one.base)}"]
    if one.quorum_n:
        counted = "des voix présentes en personne" if one.quorum_base == "voix" else "des inscrits, en personne"
        least = "plus de" if one.quorum_strict else "au moins"
        parts.append(f"quorum : {least} {one.quorum_n}/{one.quorum_d} {counted}")
    if one.weights != "personne":
        parts.append(WEIGHTS.get(one.weights, one.weights))
    if not one.changeable:
        parts.append("un vote donné ne se change plus")
    if not one.participation:
        parts.append("le nombre de votants n’est montré qu’à la clôture")
    parts.append("à égalité, la voix de la présidence l’emporte" if one.tie == "chair" else "l’égalité rejette")
    return " ; ".join(parts) + "."
