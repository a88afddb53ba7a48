"""The interface in two languages: placeholders, plurals, typography, markup."""

from __future__ import annotations

from markupsafe import Markup

from exports.translations import load, words_for


def test_french_is_the_source_and_is_typeset() -> None:
    words = words_for("fr")
    assert words("Avis :") == "Avis\u00a0:"
    assert words.many("{n} témoignage", "{n} témoignages", 0) == "0 témoignage"
    assert words.many("{n} témoignage", "{n} témoignages", 1500) == "1\u202f500 témoignages"


def test_english_has_its_own_plurals() -> None:
    words = words_for("en")
    assert words.many("{n} témoignage", "{n} témoignages", 0) == "0 testimonies"
    assert words.many("{n} témoignage", "{n} témoignages", 1) == "1 testimony"


def test_an_unknown_language_or_message_falls_back_to_french() -> None:
    assert words_for("zz").lang == "fr"
    assert words_for(None).lang == "fr"
    assert words_for("en")("Inconnu {x}", x=1) == "Inconnu 1"
    assert set(load()) >= {"fr", "en"}


def test_markup_is_kept_and_the_rest_escaped() -> None:
    said = words_for("fr").html("<{a}> {b}", a="<i>", b=Markup("<b>x</b>"))
    assert said == Markup("&lt;&lt;i&gt;&gt; <b>x</b>")
