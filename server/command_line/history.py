"""`why`: the acts behind the words of a motion."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Motion, State
from deliberation.thread.word_acts import WordAct, WordAnswer
from deliberation.visibility.views import public_view
from exports import adoptions
from exports.translations import words_for
from server.command_line.terminal import Stop, run, say, say_json, state_of
from server.services import Services
from server.settings import ServerSettings
from server.texts import word_acts


def add_to(commands: Any) -> None:
    why = commands.add_parser("why", help="nommer les actes qui ont fait, déplacé ou perdu des mots d’une motion")
    why.add_argument("motion", metavar="MOTION", help="son numéro, ou SLUG/NUMÉRO s’il y a plusieurs congrès")
    why.add_argument("words", metavar="MOTS", help="les mots cherchés, entre guillemets")
    why.add_argument("--json", action="store_true")
    why.set_defaults(run=run_why)


def run_why(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        slug, _, number = asked.motion.rpartition("/")
        slug = slug or _only(services)
        state = public_view(await state_of(services, slug))
        motion = state.motions.get(number_in(number) or 0)
        if motion is None:
            raise Stop(f"aucune motion ne porte le numéro « {number} » dans « {slug} »")
        if not asked.words.strip():
            raise Stop("donnez les mots cherchés")
        found = word_acts.answer(services.store, slug, state, motion.number, asked.words)
        if asked.json:
            say_json(dataclasses.asdict(found))
        else:
            _tell(state, motion, asked.words, found)
        return 0 if found.standing or found.gone else 1

    return run(settings, work)


def _only(services: Services) -> str:
    """The congress of this machine; Stop where there is not exactly one."""
    known = services.store.congresses()
    if len(known) != 1:
        raise Stop(f"dites lequel : SLUG/NUMÉRO, parmi {', '.join(known) or 'aucun congrès'}")
    return known[0]


def _tell(state: State, motion: Motion, sought: str, found: WordAnswer) -> None:
    words = words_for("fr")
    if not found.standing:
        say(f"« {sought} » ne se trouve pas dans le texte actuel de la motion n° {motion.number}.")
    for standing in found.standing:
        say(f"{adoptions.passage(state, words, motion, standing.clause)} : « {standing.words} »")
        for act in standing.acts:
            _line(state, act)
    if found.gone:
        say("Perdus ou déplacés :")
        for act in found.gone:
            _line(state, act)


def _line(state: State, act: WordAct) -> None:
    say(f"  écriture n° {act.entry}, {act.time} : {adoptions.told(state, words_for('fr'), act)}")
