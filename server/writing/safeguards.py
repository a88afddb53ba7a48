"""Why a record is read-only: it is a restored old copy (R10), it is damaged, or a witness knows another history."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Lock

from sqlalchemy import Connection

from deliberation.kernel.errors import Refused
from server.store import integrity, log
from server.store.highwater import HighWater, UnusableMark
from server.store.integrity import Damage
from server.store.log import Log

MOST_KEPT = 100
"""Number of damaged rows that are remembered for each record."""

logger = logging.getLogger("pleniere.safeguards")


class Safeguards:
    """What is known about the condition of the records. Thread-safe."""

    def __init__(self, high_water: HighWater) -> None:
        self.high_water = high_water
        self._damage: dict[str, list[Damage]] = {}
        self._witnessed: dict[str, dict[str, int]] = {}
        self._lock = Lock()

    # Findings

    def found(self, slug: str, damage: Sequence[Damage]) -> None:
        """Notes damaged rows: the record stays read-only until the server is started again on a sound one."""
        if not damage:
            return
        with self._lock:
            kept = self._damage.setdefault(slug, [])
            fresh = [each for each in damage if each not in kept]
            kept.extend(fresh[: MOST_KEPT - len(kept)])
        for each in fresh[:MOST_KEPT]:
            logger.error("the record of %s is damaged: %s", slug, each)

    def damage(self, slug: str) -> list[Damage]:
        """The damaged rows found so far, at most `MOST_KEPT`."""
        with self._lock:
            return list(self._damage.get(slug, ()))

    def contradicted(self, slug: str, witness: str, size: int) -> None:
        """Notes that a witness cosigned a history of `size` entries of which this record is no continuation."""
        with self._lock:
            known = self._witnessed.setdefault(slug, {})
            is_new = known.get(witness) != size
            known[witness] = size
        if is_new:
            logger.error("%s holds another history of %s, of %s entries", witness, slug, size)

    def confirmed(self, slug: str, witness: str) -> None:
        """Notes that a witness cosigned the record as it is, which ends an earlier contradiction."""
        with self._lock:
            self._witnessed.get(slug, {}).pop(witness, None)

    def at_start(self, connection: Connection, opened: Log, now: str) -> None:
        """Checks a record when this process first opens it."""
        self.found(opened.congress, integrity.at_start(connection, opened))
        if opened.last_time > now:
            logger.warning("the last entry of %s is dated %s, and it is %s", opened.congress, opened.last_time, now)

    # Consequences

    def refuse(self, connection: Connection, slug: str, size: int) -> Refused | None:
        """Why nothing may be appended to the record, which has `size` durable entries; None if it may grow."""
        if size == 0:
            return None
        return self.refuse_damage(slug) or self._refuse_old_copy(connection, slug, size)

    def refuse_damage(self, slug: str) -> Refused | None:
        """Why not even the declaration of a loss may be appended; None if the record is undamaged."""
        if not (damage := self.damage(slug)):
            return None
        return Refused(
            "record.damaged",
            "Le registre est abîmé ({what}) : il est en lecture seule. « pleniere check {slug} » dit où ; remettez une "
            "copie saine, puis redémarrez le serveur.",
            params={"what": str(damage[0]), "slug": slug},
        )

    def _refuse_old_copy(self, connection: Connection, slug: str, size: int) -> Refused | None:
        try:
            lost = self.high_water.above(slug, size)
            is_missing = lost is None and self.high_water.is_missing(slug)
        except UnusableMark as error:
            return Refused(
                "record.mark_unusable",
                "La marque de ce registre ({file}) est illisible : on ne sait pas jusqu’où il allait, et il est en "
                "lecture seule. Si rien n’a été perdu, l’exploitant la refait avec « pleniere gap {slug} --none ».",
                params={"file": error.path.name, "slug": slug},
            )
        if lost is not None and lost > log.declared_loss(connection, slug):
            return Refused(
                "record.gap",
                "Ce registre comptait {lost} entrées et n’en a plus que {size} : il est en lecture seule jusqu’à ce "
                "que l’exploitant remette la copie complète ou déclare la perte avec « pleniere gap {slug} ».",
                params={"lost": lost, "size": size, "slug": slug},
            )
        if is_missing:
            return Refused(
                "record.mark_missing",
                "Ce registre vient d’une sauvegarde ou d’une autre machine : il est en lecture seule jusqu’à ce que "
                "l’exploitant déclare ce qui a été perdu depuis, avec « pleniere gap {slug} », ou que rien ne l’a été, "
                "avec « pleniere gap {slug} --none ».",
                params={"slug": slug},
            )
        return self._refuse_contradicted(connection, slug, size)

    def _refuse_contradicted(self, connection: Connection, slug: str, size: int) -> Refused | None:
        with self._lock:
            known = dict(self._witnessed.get(slug, {}))
        if not known:
            return None
        witness, held = max(known.items(), key=lambda item: item[1])
        if held <= log.declared_loss(connection, slug):
            return None
        return Refused(
            "record.witness",
            "Le témoin {witness} connaît {held} entrées de ce registre, que ses {size} entrées ne prolongent pas : il "
            "est en lecture seule. Que l’exploitant remette la copie complète, déclare la perte avec « pleniere gap "
            "{slug} --size {held} », ou retire ce témoin.",
            params={"witness": witness, "held": held, "size": size, "slug": slug},
        )
