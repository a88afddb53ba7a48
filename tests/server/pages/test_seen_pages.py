"""Acts from outdated pages are refused with what changed, and keep what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel.vocabulary import Role
from tests.server.browsing import Site, site


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as found:
        yield found


def test_a_stale_queue_says_what_changed_and_keeps_the_reason(fresh: Site) -> None:
    public, olga, tom = fresh.visitor(), fresh.member(Role.ORGANISER, "Olga"), fresh.member(Role.ORGANISER, "Tom")
    public.go("/c/essai/temoignages/nouveau")
    public.send("Envoyer", text="Le car ne passe plus.")
    stale = olga.go("/organisation/essai/moderation")
    tom.go("/organisation/essai/moderation")
    tom.send("Publier")
    olga.page, olga.address = stale, "/organisation/essai/moderation"
    olga.send("Écarter", reason="C’est une réclame pour le car.")
    assert olga.status == 409
    assert "ce témoignage a été publié" in olga.page
    assert "C’est une réclame pour le car." in olga.page
    assert 'data-draft="temoignage-1:set_aside"' in olga.page
    assert "Le car ne passe plus." in public.go("/c/essai/temoignages/1"), "it is still published"
    olga.send("Écarter", reason="C’est une réclame pour le car.")
    assert olga.status == 200, "what the page shows now can be answered"
    assert "écarté" in public.go("/c/essai/temoignages/1")


def test_settings_changed_meanwhile_are_not_overwritten(fresh: Site) -> None:
    olga, tom = fresh.member(Role.ORGANISER, "Olga"), fresh.member(Role.ORGANISER, "Tom")
    stale = olga.go("/organisation/essai/reglages")
    tom.go("/organisation/essai/reglages")
    tom.send("Enregistrer la présentation", place="Vannes, en mai")
    olga.page, olga.address = stale, "/organisation/essai/reglages"
    olga.send("Enregistrer la présentation", title="Congrès des rivages", description="Ce que l’on dit des rivages.")
    assert olga.status == 409
    assert "Vannes, en mai" in olga.page
    assert "Ce que l’on dit des rivages." in olga.page
    olga.send("Enregistrer la présentation")
    assert olga.status == 200
    assert "Congrès des rivages" in olga.go("/c/essai/")
