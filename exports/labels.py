"""The words for roles, phases, channels, statuses and outcomes; they are French here and translated where they are
shown.
"""

from __future__ import annotations

from deliberation.kernel.territory import Naming, TerritoryKind
from deliberation.kernel.vocabulary import (
    AgendaKind,
    Channel,
    Choice,
    ClauseKind,
    Phase,
    Precedence,
    Purpose,
    Role,
    ScreenMode,
)
from exports.translations import N_

ROLES = {
    Role.ELU: N_("Élu ou élue"),
    Role.ORGANISER: N_("Organisateur"),
    Role.SCRIBE: N_("Scribe"),
}
ROLE_PLURALS = {
    Role.ELU: N_("Élues et élus"),
    Role.ORGANISER: N_("Organisation"),
    Role.SCRIBE: N_("Scribes"),
}
PHASES = {
    Phase.COLLECT: N_("Collecte"),
    Phase.MAPS: N_("Cartes"),
    Phase.DRAFTING: N_("Rédaction"),
    Phase.AMENDMENTS: N_("Amendements"),
    Phase.VOTE: N_("Vote"),
    Phase.RESTITUTION: N_("Restitution"),
}
PHASE_MEANINGS = {
    Phase.COLLECT: N_("Chacun témoigne, par tous les canaux."),
    Phase.MAPS: N_("Les idées se rangent en cartes mentales."),
    Phase.DRAFTING: N_("Les élus, et eux seuls, écrivent la motion."),
    Phase.AMENDMENTS: N_("Les élus proposent de changer le texte gelé."),
    Phase.VOTE: N_("Les élus votent les amendements puis le texte."),
    Phase.RESTITUTION: N_("Tout est publié, vérifiable par chacun."),
}
PHASE_PAGES = {
    Phase.COLLECT: "temoignages",
    Phase.MAPS: "cartes",
    Phase.DRAFTING: "motions",
    Phase.AMENDMENTS: "amendements",
    Phase.VOTE: "scrutins",
    Phase.RESTITUTION: "restitution",
}
CHANNELS = {
    Channel.WEB: N_("Formulaire en ligne"),
    Channel.VIDEO: N_("Vidéo"),
    Channel.PHONE: N_("Téléphone"),
    Channel.PAPER: N_("Papier"),
    Channel.WORKSHOP: N_("Atelier"),
    Channel.FLOOR: N_("Tribune"),
}
TERRITORIES = {
    TerritoryKind.VILLAGE: N_("Village"),
    TerritoryKind.BOURG: N_("Bourg"),
    TerritoryKind.VILLE: N_("Ville"),
    TerritoryKind.METROPOLE: N_("Métropole"),
    TerritoryKind.EPCI: N_("EPCI"),
    TerritoryKind.DEPARTEMENT: N_("Département"),
    TerritoryKind.REGION: N_("Région"),
    TerritoryKind.COUNTRY: N_("Pays étranger"),
}
NAMINGS = {
    Naming.NAME: N_("De mon nom, avec ma qualité et ma commune"),
    Naming.OFFICE: N_("De ma qualité et de ma commune, sans mon nom"),
    Naming.KIND: N_("De la sorte de ma collectivité seulement, par exemple « village, Bretagne »"),
    Naming.ANONYMOUS: N_("De rien : ni nom, ni lieu"),
}
"""How whoever speaks may agree to be named, in their own words."""
NAMINGS_OF_OTHERS = {
    Naming.NAME: N_("De son nom, avec sa qualité et sa collectivité"),
    Naming.OFFICE: N_("De sa qualité et de sa collectivité, sans son nom"),
    Naming.KIND: N_("De la sorte de sa collectivité seulement, par exemple « village, Bretagne »"),
    Naming.ANONYMOUS: N_("De rien : ni nom, ni lieu"),
}
"""The same, asked about somebody else."""
TESTIMONY_STATUSES = {
    "published": N_("Publié"),
    "pending": N_("En attente de modération"),
    "set_aside": N_("Écarté"),
    "hidden": N_("Masqué"),
    "redacted": N_("Caviardé"),
    "withdrawn": N_("Retiré par son auteur"),
}
MOTION_STATUSES = {
    "drafting": N_("En rédaction"),
    "frozen": N_("Texte gelé"),
    "adopted": N_("Motion adoptée"),
    "rejected": N_("Motion rejetée"),
}
AMENDMENT_STATUSES = {
    "tabled": N_("Déposé"),
    "admitted": N_("Recevable"),
    "reserved": N_("Réservé"),
    "called": N_("En discussion"),
    "voting": N_("Au vote"),
    "adopte": N_("Adopté"),
    "adopte_rectifie": N_("Adopté rectifié"),
    "rejete": N_("Rejeté"),
    "retire": N_("Retiré"),
    "non_soutenu": N_("Non soutenu"),
    "tombe": N_("Tombé"),
    "satisfait": N_("Satisfait"),
    "sans_objet": N_("Sans objet"),
    "irrecevable": N_("Irrecevable"),
}
SETTLED_WITHOUT_VOTE = {
    "irrecevable": N_("Irrecevable : hors du sujet ou des règles"),
    "non_soutenu": N_("Non soutenu : personne ne l’a présenté à l’appel"),
    "tombe": N_("Tombé : un amendement adopté l’a rendu impossible"),
    "satisfait": N_("Satisfait : le texte, ou un autre amendement, le dit déjà"),
    "sans_objet": N_("Sans objet : ce qu’il visait n’existe plus"),
}
SAID_WITHDRAWN = N_("Retiré : son auteur le dit en séance")
AIMS = {
    "delete": N_("Supprimer"),
    "rewrite": N_("Modifier"),
    "insert": N_("Insérer"),
    "title": N_("Modifier le titre"),
    "move": N_("Déplacer"),
}
INSERT_AFTER = N_("Insérer après")
SUB_AMEND = N_("Changer ses mots")
COMPLETE = N_("Ajouter un passage après")
CLAUSES = {
    ClauseKind.VISA: N_("Visa"),
    ClauseKind.CONSIDERANT: N_("Considérant"),
    ClauseKind.DEMANDE: N_("Demande"),
    ClauseKind.HEADING: N_("Intertitre"),
    ClauseKind.NOTE: N_("Note explicative"),
}
DELETED = {
    ClauseKind.VISA: N_("(supprimé)"),
    ClauseKind.CONSIDERANT: N_("(supprimé)"),
    ClauseKind.DEMANDE: N_("(supprimée)"),
    ClauseKind.HEADING: N_("(supprimé)"),
    ClauseKind.NOTE: N_("(supprimée)"),
}
"""Shown after the number of a clause that was deleted from the text under debate."""
SECTIONS = {
    ClauseKind.VISA: N_("Visas"),
    ClauseKind.CONSIDERANT: N_("Considérants"),
    ClauseKind.DEMANDE: N_("Demandes"),
    ClauseKind.NOTE: N_("Notes explicatives"),
}
"""Headings for consecutive clauses of one kind."""
CHOICES = {
    Choice.FOR: N_("Pour"),
    Choice.AGAINST: N_("Contre"),
    Choice.ABSTAIN: N_("Abstention"),
}
GROUNDS_OF_SECRECY = {
    "reglement": N_("Prévu par le règlement du congrès"),
    "nomination": N_("Nomination ou élection de personnes"),
    "tiers": N_("Demandé par un tiers des présents"),
}
OPINIONS = {
    "favorable": N_("Favorable"),
    "defavorable": N_("Défavorable"),
    "sagesse": N_("Sagesse de l’assemblée"),
    "retrait": N_("Demande de retrait"),
    "satisfait": N_("Satisfait"),
    "reserve": N_("Favorable sous réserve"),
}
BASES = {
    "exprimes": N_("suffrages exprimés (pour et contre)"),
    "presents": N_("présents et représentés (qu’ils aient voté ou non)"),
    "inscrits": N_("inscrits (tous ceux qui peuvent voter)"),
}
THOSE_WHO_VOTED = N_("présents (tous ceux qui ont voté)")
"""The meaning of "présents" in polls under the first version of the counting rules (V20)."""
WITHHELD = {
    "pending": N_("Contenu en attente de modération."),
    "set_aside": N_("Contenu écarté à la modération : la raison est publique."),
    "hidden": N_("Contenu masqué : la raison est publique et l’acte réversible."),
    "open_poll": N_("Contenu publié à la clôture du scrutin."),
    "huis_clos": N_("Texte écrit à huis clos : il sera public au terme annoncé."),
    "seance": N_("Acte d’une séance à huis clos : il sera public au terme annoncé."),
}
ABSENCES = {
    "": N_("public"),
    "pending": N_("en attente de modération"),
    "set_aside": N_("écarté à la modération"),
    "hidden": N_("masqué"),
    "open_poll": N_("publié à la clôture du scrutin"),
    "huis_clos": N_("écrit à huis clos, publié au terme annoncé"),
    "seance": N_("fait en séance à huis clos, publié au terme annoncé"),
    "redacted": N_("effacé"),
}
"""Whether the content of an entry is public, and if not, why; by `PublicEntry.absence`."""
REDACTION_STATUSES = {"proposed": N_("Proposé"), "refused": N_("Refusé"), "done": N_("Décidé")}
GROUNDS = (
    N_("Demande de la personne concernée (RGPD, article 17)"),
    N_("Atteinte à la vie privée d’un tiers"),
    N_("Propos diffamatoires ou injurieux"),
    N_("Incitation à la haine"),
    N_("Décision de justice"),
)
ACTS = {
    "publish": N_("Publier"),
    "set_aside": N_("Écarter"),
    "hide": N_("Masquer"),
    "restore": N_("Rétablir"),
}

REMARK_STATUSES = {
    "open": N_("Ouverte"),
    "resolved": N_("Classée"),
    "accepted": N_("Acceptée"),
    "declined": N_("Écartée"),
}
REMARK_ACTS = {
    "open": N_("{who} rouvre la remarque n° {n}."),
    "resolved": N_("{who} classe la remarque n° {n}."),
    "accepted": N_("{who} accepte la suggestion n° {n}."),
    "declined": N_("{who} écarte la suggestion n° {n}."),
}
PURPOSES = {
    Purpose.PRESENTATION: N_("Présentation"),
    Purpose.FOR: N_("Pour"),
    Purpose.AGAINST: N_("Contre"),
    Purpose.ORDER: N_("Rappel au règlement"),
    Purpose.ANSWER: N_("Réponse"),
}
"""The purposes for which somebody may ask for the floor."""
PRECEDENCES = {
    Precedence.ALTERNATING: N_("Alterner les pour et les contre"),
    Precedence.UNHEARD: N_("D’abord qui a le moins parlé à cette séance"),
    Precedence.SIZE: N_("D’abord les sortes et tailles de collectivités les moins entendues"),
}
SCREEN_MODES = {
    ScreenMode.FOLLOW: N_("Suivre le débat"),
    ScreenMode.SPEAKERS: N_("Orateurs"),
    ScreenMode.AGENDA: N_("Déroulé"),
    ScreenMode.RESULT: N_("Résultat d’un scrutin"),
    ScreenMode.TEXT: N_("Texte d’une motion"),
    ScreenMode.MAP: N_("Carte mentale"),
    ScreenMode.TESTIMONY: N_("Témoignage"),
    ScreenMode.TESTIFY: N_("QR « Témoignez »"),
    ScreenMode.SIGN: N_("QR « Signez votre présence »"),
}
"""What the screen of the hall may show."""
AGENDA_KINDS = {
    AgendaKind.PRESENTATION: N_("Présentation"),
    AgendaKind.DISCUSSION: N_("Discussion"),
    AgendaKind.TEXT: N_("Texte"),
    AgendaKind.ELECTION: N_("Élection"),
    AgendaKind.PAUSE: N_("Pause"),
}
CHAIR_ACTS = {
    "amendment.admitted": N_("Recevabilité"),
    "amendment.settled": N_("Sort fixé sans vote"),
    "amendment.reserved": N_("Réserve"),
    "amendment.kept": N_("Maintien en discussion"),
    "order.changed": N_("Ordre changé"),
    "order.arranged": N_("Ordre rangé"),
    "amendment.identical_declared": N_("Déclarés identiques"),
    "discussion.joined": N_("Discussion commune"),
    "act.reverted": N_("Acte rapporté"),
}
BELENIOS_CHECKS = {
    "": N_("belenios-tool n’a encore rien dit de cette archive."),
    "verified": N_("belenios-tool a vérifié cette archive : elle est exacte ({tool})."),
    "refused": N_("belenios-tool a refusé cette archive ({tool})."),
    "unfinished": N_("belenios-tool n’a pas fini de vérifier cette archive dans le temps imparti ({tool})."),
    "absent": N_("belenios-tool n’est pas installé sur ce serveur : il n’a pas vérifié cette archive."),
}
"""The result of checking an election's archive with `belenios-tool` on the server."""
CONFORMITY = {
    "": N_("Accessibilité : conformité non évaluée"),
    "totale": N_("Accessibilité : totalement conforme"),
    "partielle": N_("Accessibilité : partiellement conforme"),
    "non": N_("Accessibilité : non conforme"),
}
