"""An imported motion is shown as a proposal everywhere until an élu takes it up (M16)."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from tests.server.sites import ELU, ORGANISER, SCRIBE, SECOND, SLUG, VISITOR, Site, found, opened

MOTION = "# Le réseau partout\n\nVu la loi,\n\nDemande la fibre.\n"
SOURCE = "Bureau de l’association, texte du 3 mars"
MOTION_PAGE = f"/c/{SLUG}/motions/1"
PAGES = (f"/c/{SLUG}/motions", MOTION_PAGE, f"{MOTION_PAGE}/edition", f"/c/{SLUG}/registre")
FREEZING = f"/organisation/{SLUG}/motions/1/gel"
TAKE_UP = "Reprendre ce texte en mon nom"
WAITING = "Aucun élu ne l’a encore repris."


def read(site: Site, path: str, who: str = VISITOR) -> str:
    """A page with plain spaces."""
    return site.get(path, who).text.replace("\u00a0", " ").replace("\u202f", " ")


def archive(site: Site) -> tuple[str, dict[str, str]]:
    """The motion as Markdown, and its row in the table of motions, from the archive."""
    with zipfile.ZipFile(io.BytesIO(site.get(f"/c/{SLUG}/restitution.zip").content)) as kept:
        (row,) = csv.DictReader(io.TextIOWrapper(kept.open("data/motions.csv"), "utf-8-sig"))
        return kept.read("motion.md").decode(), row


def test_a_text_is_proposed_by_its_source_until_an_elu_takes_it_up(tmp_path: Path) -> None:
    """M16"""
    with opened(tmp_path) as site:
        found(site)
        address, sent = f"/organisation/{SLUG}/import", {"kind": "motion", "commande": "a"}
        nameless = site.upload(address, sent, MOTION.encode(), ORGANISER, "motion.md")
        assert nameless.status_code == 422
        assert "Dites de qui vient ce texte." in nameless.text
        assert site.state.motions == {}
        taken = site.upload(address, sent | {"source": SOURCE, "commande": "b"}, MOTION.encode(), ORGANISER, "m.md")
        assert taken.status_code == 200

        for page in PAGES:
            assert SOURCE in read(site, page), page
        for who in (VISITOR, ORGANISER, SCRIBE, ELU):
            page = read(site, MOTION_PAGE, who)
            assert WAITING in page
            assert (TAKE_UP in page) == (who == ELU)
        assert site.get(f"/api/v1{MOTION_PAGE}").json()["source"] == SOURCE
        text, row = archive(site)
        assert f"Texte proposé : {SOURCE}. {WAITING}" in text
        assert (row["source"], row["taken_up_by"]) == (SOURCE, "")

        refused = site.post(FREEZING, {"commande": "c"}, ORGANISER)
        assert refused.status_code == 409
        assert "une élue ou un élu le reprend" in refused.text
        assert site.post(f"{MOTION_PAGE}/reprise", {"commande": "d"}, ORGANISER).status_code == 403
        assert site.post(f"{MOTION_PAGE}/reprise", {"commande": "e"}, ELU).status_code == 303
        assert site.post(f"{MOTION_PAGE}/reprise", {"commande": "f"}, SECOND).status_code == 409

        who = site.state.people[ELU].name
        for page in (MOTION_PAGE, f"{MOTION_PAGE}/edition", FREEZING):
            assert f"Texte proposé : {SOURCE}. Repris par {who}." in read(site, page, ORGANISER)
        assert "reprend en son nom le texte proposé" in read(site, f"/c/{SLUG}/registre")
        assert site.get(f"/api/v1{MOTION_PAGE}").json()["taken_up_by"] == ELU
        text, row = archive(site)
        assert f"Repris par {who}." in text
        assert row["taken_up_by"] == ELU
        assert site.post(FREEZING, {"commande": "g"}, ORGANISER).status_code == 303
        assert site.state.motions[1].status == "frozen"
        assert TAKE_UP not in read(site, MOTION_PAGE, ELU)
