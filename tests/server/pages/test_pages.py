"""A whole congress in a browser without JavaScript, and pages on bad input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Phase, Role
from tests.server.browsing import Site, Visitor, site

MOTION = """# Pour un numérique proche

Vu l’article 72 de la Constitution ;

Considérant que le réseau manque[^1] ;

Demande que chaque commune soit couverte.
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("pages")) as found:
        yield found


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as found:
        yield found


def test_a_congress_from_a_testimony_to_an_adopted_text(fresh: Site) -> None:
    public, olga = fresh.visitor(), fresh.member(Role.ORGANISER, "Olga Orsini")
    elus = [fresh.member(Role.ELU, name) for name in ("Ana Abadie", "Bo Bellec", "Cyr Castel")]
    say_something(public, olga)
    quote_and_import(fresh, elus[0], olga)
    amend_and_vote(elus, olga)
    read_everything(public)


def say_something(public: Visitor, olga: Visitor) -> None:
    public.go("/c/essai/temoignages/nouveau")
    public.send("Envoyer", text="Chez nous, le réseau manque.", speaker_name="Zoé", naming="nom", title="Le réseau")
    assert public.address.startswith("/c/essai/temoignages/1/auteur/")
    assert "Témoignage n° 1 déposé." in public.page
    assert "le réseau manque" in public.page, "its author reads it by the secret link"
    assert "le réseau manque" not in public.go("/c/essai/temoignages/1")
    olga.go("/organisation/essai/moderation")
    olga.send("Écarter", reason="")
    assert olga.status == 422
    assert "Donnez la raison" in olga.page
    olga.send("Publier")
    assert olga.status == 200
    assert "le réseau manque" in public.go("/c/essai/temoignages/1")
    assert "Zoé" in public.page


def quote_and_import(fresh: Site, ana: Visitor, olga: Visitor) -> None:
    ana.go("/c/essai/temoignages/1")
    ana.send("Créer l’extrait", quote="le réseau manquerait")
    assert "mot pour mot" in ana.page
    assert "le réseau manquerait" in ana.page, "what was typed stays"
    ana.send("Créer l’extrait", quote="le réseau manque")
    assert "1 passage cité" in ana.page
    fresh.bring_in(olga, MOTION, "p2")
    ana.go("/c/essai/motions/1")
    assert 'href="#note-1"' in ana.page
    assert "Considérant 1" in ana.page


def amend_and_vote(elus: list[Visitor], olga: Visitor) -> None:
    ana = elus[0]
    olga.go("/organisation/essai/motions/1/gel")
    olga.send("Geler la version 1")
    ana.go("/c/essai/amendements/nouveau")
    clause = ana.page.split("cible=rewrite%3A")[3].split('"')[0]
    ana.go(f"/c/essai/amendements/nouveau?motion=1&cible=rewrite:{clause}")
    ana.send("Relire", text="Demande que chaque village soit couvert.", rationale="Les hameaux d’abord.")
    assert "<ins>" in ana.page
    assert "Les hameaux d’abord" in ana.page
    ana.send("Déposer")
    assert ana.address.startswith("/c/essai/amendements/1")
    olga.go("/organisation/essai/")
    olga.send("Déclarer recevable")
    olga.go("/organisation/essai/scrutins")
    assert olga.address == "/c/essai/seance"
    olga.send("Appeler le n° 1")
    assert "Amendement n° 1" in ana.go("/c/essai/seance")
    olga.send("Ouvrir le vote sur le n° 1")
    vote_and_close(elus, olga, 1)
    assert "Adopté" in ana.go("/c/essai/amendements/1")
    olga.go("/c/essai/seance")
    olga.send("Ouvrir le vote sur l’ensemble")
    vote_and_close(elus, olga, 2)
    assert "Motion adoptée" in ana.go("/c/essai/motions/1")
    assert "chaque village" in ana.page


def vote_and_close(elus: list[Visitor], olga: Visitor, poll: int) -> None:
    """Has the élus vote (the first of them changes their vote, V3), and closes the poll."""
    for elu, choice in zip((*elus, elus[0]), ("Contre", "Pour", "Abstention", "Pour"), strict=True):
        elu.go("/c/essai/voter")
        elu.send("Confirmer mon vote", choix=choice.lower())
        assert elu.address.startswith("/c/essai/voter")
        assert f"Vote enregistré : {choice}." in elu.page
        assert ".proof" in elu.page
    olga.go(f"/c/essai/scrutins/{poll}")
    assert "Contre</dt>" not in olga.page, "no partial results"
    olga.send("Clore le scrutin")
    assert "Adopté" in olga.page
    assert "il fallait 2 voix pour" in olga.page


def read_everything(public: Visitor) -> None:
    public.go("/c/essai/temoignages/1")
    assert "Dans le texte adopté" in public.page
    assert "Congrès fictif" in public.page
    for path in (
        "",
        "restitution",
        "registre",
        "registre/0",
        "personnes",
        "personnes/p2",
        "cartes",
        "ecran",
        "scrutins",
    ):
        public.go(f"/c/essai/{path}")
        assert public.status == 200, path
    public.go("/langue/en?retour=/c/essai/amendements/1")
    assert public.address == "/c/essai/amendements/1"
    assert "Adopted" in public.page


def test_an_old_choice_sent_again_from_a_kept_page_counts_as_the_last(fresh: Site) -> None:
    """A page that the browser kept sends the same command id: what the person pressed last is what counts."""
    olga, ana = fresh.member(Role.ORGANISER, "Olga"), fresh.member(Role.ELU, "Ana")
    fresh.bring_in(olga, MOTION, "p2")
    olga.go("/organisation/essai/motions/1/gel")
    olga.send("Geler la version 1")
    olga.go("/c/essai/seance")
    olga.send("Ouvrir le vote sur l’ensemble")
    kept = ana.go("/c/essai/scrutins/1")
    for choice in ("Pour", "Contre", "Pour"):
        ana.page, ana.address = kept, "/c/essai/scrutins/1"
        ana.send("Confirmer mon vote", choix=choice.lower())
        assert f"Vote enregistré : {choice}." in ana.page


def test_organisers_set_phases_invite_and_redact(fresh: Site) -> None:
    olga, other = fresh.member(Role.ORGANISER, "Olga"), fresh.member(Role.ORGANISER, "Omar")
    olga.go("/organisation/essai/phases")
    assert olga.address == "/organisation/essai/reglages"
    olga.send("Enregistrer les dates", **{"opens-vote": "2021-05-01T08:00", "closes-vote": "2020-05-01T08:00"})
    assert olga.status == 422
    assert "La fin doit suivre" in olga.page
    olga.send("Clore maintenant")
    assert olga.status == 200
    olga.go("/organisation/essai/personnes")
    table = "nom;prénom;mandat;voix;population\nDupont;Éva;maire;3;12 500\nDurand;Yves;;;\n".encode("cp1252")
    olga.send("Inviter toutes", files={"file": ("élus.csv", table, "text/csv")})
    assert olga.page.count("link-once") == 2
    assert "Éva Dupont" in olga.page
    (elector,) = fresh.state().electors.values()
    assert (elector.voices, elector.population) == (3, 12_500)
    olga.send("Inviter toutes", files={"file": ("élus.csv", b"nom;voix\nPetit;deux\n", "text/csv")})
    assert olga.status == 422
    assert "Ligne 2 : les voix ou la population de « Petit » ne se lisent pas." in olga.page
    olga.go("/organisation/essai/caviardages")
    olga.send("Demander le caviardage", target="p2", statement="À sa demande.")
    assert olga.status == 200
    other.go("/organisation/essai/caviardages")
    other.send("Effacer pour toujours")
    assert "nom caviardé" in other.go("/c/essai/personnes")


def test_all_phases_are_opened_by_one_press(fresh: Site) -> None:
    """S26: and one at a time by one press each."""
    olga = fresh.member(Role.ORGANISER, "Olga")
    for phase in Phase:
        fresh.do(c.SetPhase(phase), "p1")
    olga.go("/organisation/essai/reglages")
    olga.send("Tout ouvrir maintenant")
    assert olga.page.count("En cours") == len(Phase)
    olga.send("Clore maintenant")
    assert [x.value for x, window in fresh.state().phases.items() if window.closes] == ["collecte"]
    for phase in Phase:
        fresh.do(c.SetPhase(phase), "p1")
    olga.go("/organisation/essai/reglages")
    olga.send("passer à « Collecte »")
    olga.send("passer à « Cartes »")
    assert [x.value for x, window in fresh.state().phases.items() if window.opens and not window.closes] == ["cartes"]


def test_a_new_congress_in_the_browser(fresh: Site) -> None:
    olga = fresh.member(Role.ORGANISER, "Olga")
    olga.go("/organisation/nouveau")
    olga.send("Créer", title="Deuxième", slug="Pas Bon")
    assert olga.status == 422
    olga.send("Créer", title="Deuxième", slug="deuxieme")
    assert olga.address.startswith("/organisation/deuxieme/reglages?recu=1-")
    assert "entrée dans le congrès enregistrée." in olga.page.partition('id="recu"')[2]
    assert "Olga" in olga.go("/c/deuxieme/personnes")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/c/rien/", 404),
        ("/c/ESSAI/", 404),
        ("/c/essai/temoignages/999", 404),
        ("/c/essai/temoignages/99999999999999999999999", 404),
        ("/c/essai/motions/1", 404),
        ("/c/essai/personnes/p0", 404),
        ("/c/essai/personnes/%00", 404),
        ("/c/essai/registre/100000", 404),
        ("/c/essai/extraits/5", 404),
        ("/c/essai/temoignages?page=zz&canal=%F0%9F&statut=x&q=%FF", 200),
        ("/c/essai/registre?page=99999999", 200),
        ("/c/essai/amendements/nouveau?motion=%C3%A9&cible=rewrite:x", 200),
        ("/organisation/", 401),
        ("/organisation/essai/", 401),
        ("/organisation/nouveau", 401),
        ("/langue/zz", 404),
        ("/apparence/rose", 404),
    ],
)
def test_addresses_answer_plainly(running: Site, address: str, status: int) -> None:
    visitor = running.visitor()
    visitor.go(address)
    assert visitor.status == status
    assert "<h1" in visitor.page


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"text=" + b"a" * 1_100_000, {"content-type": "application/x-www-form-urlencoded"}, 413),
        (b"text=%FF%FE", {"content-type": "application/x-www-form-urlencoded"}, 400),
        (b"text=\xff\xfe", {"content-type": "application/x-www-form-urlencoded"}, 400),
        (b"&".join(b"a%d=1" % i for i in range(1000)), {"content-type": "application/x-www-form-urlencoded"}, 400),
        (b"--x\r\nnonsense", {"content-type": "multipart/form-data; boundary=x"}, 400),
        (b"text", {"content-type": "multipart/form-data"}, 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            {"content-type": "multipart/form-data; boundary=x"},
            400,
        ),
        (b'{"text": "a"}', {"content-type": "application/json"}, 415),
        (b"", {"content-type": "application/x-www-form-urlencoded"}, 422),
        (b"text=a%00b", {"content-type": "application/x-www-form-urlencoded"}, 422),
        (b"text=a&channel=pigeon", {"content-type": "application/x-www-form-urlencoded"}, 422),
        (b"text=" + b"%C3%A9" * 30_000, {"content-type": "application/x-www-form-urlencoded"}, 422),
    ],
)
def test_bad_forms_are_refused_in_words(running: Site, content: bytes, headers: dict[str, str], status: int) -> None:
    before = running.state().size
    answer = running.request("POST", "/c/essai/temoignages", {}, content=content, headers=headers)
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert running.state().size == before


def test_the_same_form_twice_counts_once(running: Site) -> None:
    visitor = running.visitor()
    visitor.go("/c/essai/temoignages/nouveau")
    page = visitor.page
    visitor.send("Envoyer", text="Une fois.")
    first = visitor.address
    visitor.page, visitor.address = page, "/c/essai/temoignages/nouveau"
    visitor.send("Envoyer", text="Une fois.")
    assert visitor.address == first


def test_public_pages_are_revalidated_and_forms_are_never_kept(running: Site) -> None:
    page = running.request("GET", "/c/essai/", {})
    again = running.request("GET", "/c/essai/", {}, headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304
    form = running.request("GET", "/c/essai/temoignages/nouveau", {})
    assert form.headers["cache-control"] == "no-store"
    english = running.request("GET", "/c/essai/", {"langue": "en"})
    assert english.headers["etag"] != page.headers["etag"]


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1", "evil"]
)
def test_the_way_back_stays_on_this_site(running: Site, address: str) -> None:
    answer = running.request("GET", "/langue/fr", {}, follow=False, params={"retour": address})
    assert answer.headers["location"] == "/"


def test_roles_are_kept_apart(running: Site) -> None:
    ana, olga = running.member(Role.ELU, "Ana"), running.member(Role.ORGANISER, "Olga")
    ana.go("/organisation/essai/")
    assert ana.status == 403
    data = {"motion": "1", "cible": "titre", "text": "x", "etape": "deposer"}
    answer = running.request("POST", "/c/essai/amendements", olga.cookies, data=data)
    assert answer.status_code == 403
    assert "Seuls les élus" in answer.text


def test_presenting_the_congress_keeps_its_other_settings(running: Site) -> None:
    """A24: each form carries the settings that it does not show."""
    olga = running.member(Role.ORGANISER, "Olga")
    olga.go("/organisation/essai/reglages")
    olga.send("Enregistrer la présentation", cosignatures="deux")
    assert "Le nombre de cosignataires va de 0 à" in olga.page
    olga.send("Enregistrer la présentation", cosignatures="2")
    olga.go("/organisation/essai/regles")
    olga.send("Adopter cette règle")
    assert 'name="cosignatures" type="text" value="2"' in olga.go("/organisation/essai/reglages")
    olga.send("Enregistrer la présentation", cosignatures="0")


def test_signing_out_forgets_the_person(running: Site) -> None:
    ana = running.member(Role.ELU, "Ana Sortie")
    assert "Ana Sortie" in ana.go("/c/essai/")
    ana.send("Se déconnecter")
    assert "Se connecter" in ana.go("/c/essai/")


def test_a_used_link_says_so(running: Site) -> None:
    visitor = running.visitor()
    visitor.go("/connexion")
    visitor.send("Me connecter", lien="http://localhost:8000/connexion#" + "x" * 32)
    assert visitor.status == 422
    assert "n’est plus valable" in visitor.page
