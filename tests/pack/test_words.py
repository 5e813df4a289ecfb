"""`kiosk pack words`: English out to .po files, translations in, and what a pack says in another language."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner, Result

from kiosk.cli import kiosk
from kiosk.errors import PackFaulty
from kiosk.pack.catalogue import bring_up_to_date, load_catalogue, new_catalogue
from kiosk.pack.facts import fill, long_date
from kiosk.pack.offer import find_offered
from kiosk.pack.programme import find_programme_english
from kiosk.pack.read import read_pack
from kiosk.pack.sources import PROGRAMME
from kiosk.pack.texts import find_translatable
from kiosk.pack.translate import IN_ENGLISH, Translation, load_translation, translate
from kiosk.pack.words import English
from kiosk.settings import content_folder
from tests.pack.small_packs import ENGLAND, changed, write_both, write_pack

PL = Path("content/england/words/pl.po")
WELCOME = "home.yaml:welcome"


@pytest.fixture(autouse=True)
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_both(Path("content"))


def words(*given: str) -> Result:
    return CliRunner().invoke(kiosk, ["pack", "words", *given])


def write_out(folder: str = "content/england") -> polib.POFile:
    ran = words(folder, "--language", "pl")
    assert ran.exit_code == 0, ran.output
    return polib.pofile(f"{folder}/words/pl.po", wrapwidth=0)


def say(context: str, translation: str, *flags: str) -> None:
    """Write one translation into the Polish file, as a PO editor would."""
    catalogue = polib.pofile(str(PL), wrapwidth=0)
    entry = one(catalogue, context)
    entry.msgstr, entry.flags = translation, list(flags)
    catalogue.save(str(PL))


def one(catalogue: polib.POFile, context: str) -> polib.POEntry:
    [entry] = [entry for entry in catalogue if entry.msgctxt == context and not entry.obsolete]
    return entry


def polish(with_unchecked: bool = False) -> Translation:
    return load_translation("pl", [PL], with_unchecked)


def change_england(file: str, before: str, after: str) -> None:
    write_pack(Path("content/england"), changed(ENGLAND, file, before, after))


class TestOut:
    def test_each_text_goes_out_with_its_place_and_its_room(self):
        entry = one(write_out(), "flows/work.yaml:questions.today.ask")

        assert entry.comment == "question: at most 90 characters as shown"
        assert entry.msgid == read_pack(Path("content/england")).flows["work"].questions["today"].ask

    def test_a_local_pack_sends_out_only_what_it_says_itself(self):
        theirs = {entry.msgctxt for entry in write_out("content/oxfordshire")}
        ours = {entry.msgctxt for entry in write_out("content/england")}

        assert "flows/work.yaml:questions.today.ask" in ours - theirs
        assert theirs and all(
            entry.partition(":")[0] in ("pack.yaml", "helpers.yaml", "facts.yaml") for entry in theirs
        )

    def test_a_figure_stays_a_figure_and_the_words_that_stand_in_for_it_are_translated(self):
        facts = {entry.msgctxt for entry in write_out() if entry.msgctxt.startswith("facts.yaml")}

        assert "facts.yaml:childcare-most.ask" in facts
        assert "facts.yaml:childcare-most.value" not in facts

    def test_a_second_run_changes_not_a_byte(self):
        write_out()
        before = PL.read_bytes()

        write_out()

        assert PL.read_bytes() == before

    def test_a_template_is_written_on_its_own(self):
        ran = words("content/england", "--template")

        assert "words/template.pot holds" in ran.output
        assert [file.name for file in Path("content/england/words").iterdir()] == ["template.pot"]


class TestTheEnglishChanges:
    def test_a_changed_text_keeps_its_translation_fuzzy_with_the_former_english(self):
        write_out()
        say(WELCOME, "Dotknij, aby zacząć")
        change_england("home.yaml", "Touch to start", "Touch the screen to start")

        entry = one(write_out(), WELCOME)

        assert (entry.msgid, entry.msgstr) == ("Touch the screen to start", "Dotknij, aby zacząć")
        assert (entry.flags, entry.previous_msgid) == (["fuzzy"], "Touch to start")

    def test_an_outdated_translation_is_not_shown_even_where_unchecked_ones_are(self):
        write_out()
        say(WELCOME, "Dotknij, aby zacząć")
        change_england("home.yaml", "Touch to start", "Touch the screen to start")
        write_out()

        assert "Dotknij" not in polish(with_unchecked=True).say("Touch the screen to start", WELCOME)

    def test_a_text_that_is_gone_is_kept_as_obsolete_and_comes_back(self):
        write_out()
        say("home.yaml:cards.0.hint", "Znajdź swoje miejsce")
        change_england("home.yaml", "hint: Find your place, ", "")
        gone = [entry for entry in write_out() if entry.obsolete]
        write_pack(Path("content/england"), ENGLAND)

        back = one(write_out(), "home.yaml:cards.0.hint")

        assert [entry.msgstr for entry in gone] == ["Znajdź swoje miejsce"]
        assert (back.msgstr, back.flags) == ("Znajdź swoje miejsce", [])

    def test_a_text_that_moves_within_its_file_takes_its_translation_along(self):
        write_out()
        say("callback.yaml:privacy.0", "Trzymamy to dwa tygodnie.")
        change_england("callback.yaml", "privacy: [We keep", "privacy: [It is safe., We keep")

        catalogue = write_out()

        assert one(catalogue, "callback.yaml:privacy.1").msgstr == "Trzymamy to dwa tygodnie."
        assert one(catalogue, "callback.yaml:privacy.1").flags == []
        assert one(catalogue, "callback.yaml:privacy.0").msgstr == ""


class TestIn:
    def test_a_translators_file_is_taken_in_as_it_is_marked(self, tmp_path: Path):
        theirs = write_out()
        one(theirs, WELCOME).msgstr = "Dotknij, aby zacząć"
        one(theirs, "home.yaml:ask").msgstr = "Co Cię tu sprowadza?"
        one(theirs, "home.yaml:ask").flags = ["fuzzy"]
        theirs.save("from-translator.po")

        ran = words("content/england", "--import", "from-translator.po")

        assert ran.output.startswith("2 taken in, 0 as they were, 0 not in this pack.\n")
        assert polish().words == {(WELCOME, "Touch to start"): "Dotknij, aby zacząć"}

    def test_a_file_with_a_lost_fact_is_refused_whole_with_its_line(self):
        change_england("home.yaml", "Touch to start", "Up to {fact:childcare-most}")
        theirs = write_out()
        one(theirs, WELCOME).msgstr = "Do tysiąca funtów"
        one(theirs, "home.yaml:ask").msgstr = "Co Cię tu sprowadza?"
        theirs.save("from-translator.po")
        line = 1 + Path("from-translator.po").read_text().splitlines().index('msgid "Up to {fact:childcare-most}"')

        ran = words("content/england", "--import", "from-translator.po")

        assert ran.exit_code == 1
        assert f'line {line - 2:<4} "Do tysiąca funtów" has lost {{fact:childcare-most}}.' in str(ran.exception)
        assert polish(with_unchecked=True).words == {}

    def test_a_file_that_is_no_po_file_is_refused_with_its_line(self):
        Path("letter.po").write_text('msgid "a"\nmsgstr "b"\nDear colleague,\n')

        ran = words("content/england", "--import", "letter.po")

        assert "letter.po needs 1 fix\n  line 3" in str(ran.exception)

    def test_an_entry_that_is_not_in_the_pack_is_counted_and_left(self):
        theirs = write_out()
        theirs.append(polib.POEntry(msgctxt="home.yaml:farewell", msgid="Bye", msgstr="Pa"))
        theirs.save("from-translator.po")

        assert (
            "0 taken in, 0 as they were, 1 not in this pack."
            in words("content/england", "--import", "from-translator.po").output
        )


class TestFaults:
    def test_a_translation_that_is_too_long_for_its_place_is_named_and_status_is_0(self):
        write_out()
        say("home.yaml:cards.0.title", "Moja bardzo długa droga do pierwszej pracy")

        ran = words("content/england", "--language", "pl", "--statistics")

        assert "is 42 characters long; there is room for 30. Shorten it by 12." in ran.output
        assert ran.exit_code == 0

    @pytest.mark.parametrize("broken", ["{fact:childcare-least}", "**Dotknij", "{Dotknij"])
    def test_a_broken_translation_ends_with_status_1_and_is_never_shown(self, broken: str):
        write_out()
        say(WELCOME, broken)

        assert words("content/england", "--language", "pl", "--statistics").exit_code == 1
        assert polish().words == {}

    def test_check_tells_what_is_missing_unchecked_and_broken(self):
        write_out()
        say(WELCOME, "Dotknij", "fuzzy")
        say("home.yaml:ask", "**Co")
        change_england("pack.yaml", "languages: [en]", "languages: [en, pl]")

        ran = CliRunner().invoke(kiosk, ["pack", "check", "content/england", "--date", "2026-12-01"])

        total = len(list(find_translatable(read_pack(Path("content/england")))))
        assert f"{total - 2} of {total} texts have no translation" in ran.output
        assert f"1 of {total} translations were checked by no speaker. They are not shown." in ran.output
        assert (
            "does not offer this language. To show what no speaker has checked: unchecked_translations: show"
            in ran.output
        )
        assert '"**Co" has a ** without its pair.' in ran.output
        assert ran.exit_code == 0

    def test_statistics_count_and_write_nothing(self):
        write_out()
        say(WELCOME, "Dotknij")
        say("home.yaml:ask", "Co?", "fuzzy")
        before = PL.read_bytes()

        ran = words("content/england", "--language", "pl", "--statistics")

        total = len(list(find_translatable(read_pack(Path("content/england")))))
        assert ran.output.splitlines()[1].split() == ["pl", *map(str, (total, 1, 1, 0, total - 2, 0))]
        assert PL.read_bytes() == before


class TestAPackInPolish:
    def test_a_checked_translation_is_shown_and_ids_stay(self):
        write_out()
        say("home.yaml:ask", "Co Cię tu sprowadza?")
        pack = read_pack(Path("content/england"))

        turned = translate(pack, polish())

        assert turned.home.ask == "Co Cię tu sprowadza?"
        assert turned.flows["work"].questions.keys() == pack.flows["work"].questions.keys()
        assert [card.opens for card in turned.home.cards] == [card.opens for card in pack.home.cards]

    def test_what_is_missing_is_english_and_marked(self):
        write_out()

        turned = translate(read_pack(Path("content/england")), polish())

        assert turned.home.ask == f"\u2066What brings you here today?{IN_ENGLISH}\u2069"

    def test_an_unchecked_translation_is_shown_only_where_the_pack_says_so(self):
        write_out()
        say(WELCOME, "Dotknij", "fuzzy")

        assert polish(with_unchecked=False).say("Touch to start", WELCOME).endswith(f"{IN_ENGLISH}\u2069")
        assert (polish(with_unchecked=True).say("Touch to start", WELCOME), polish(with_unchecked=True).unchecked) == (
            "Dotknij",
            1,
        )

    def test_english_in_place_of_a_missing_text_keeps_its_english_facts(self):
        change_england("home.yaml", "Touch to start", "Up to {fact:childcare-most}")
        write_out()
        say("facts.yaml:childcare-most.ask", "jakiej kwoty")

        turned = translate(read_pack(Path("content/england")), polish())

        stale = date(2099, 1, 1)
        assert "Up to an amount to ask about" in fill(turned.home.welcome, turned.facts, stale)

    def test_every_text_of_the_shipped_pack_is_replaced(self):
        class Bracketed(Translation):
            def say(self, english: str, context: str = "") -> str:
                return f"⟦{english}⟧" if english else english

        turned = translate(read_pack(content_folder() / "oxfordshire"), Bracketed("xx"))

        own = replace(turned, facts={id: fact for id, fact in turned.facts.items() if not id.startswith("en:")})
        assert [text.path for text in find_translatable(own) if not text.words.startswith("⟦")] == []

    def test_a_date_is_said_as_the_language_says_it(self):
        said = {code: long_date(date(2020, 2, 3), code) for code in ("en", "pl", "pt", "ar")}

        assert said == {
            "en": "3 February 2020",
            "pl": "3 lutego 2020",
            "pt": "3 de fevereiro de 2020",
            "ar": "3 فبراير 2020",
        }


class TestOffer:
    def offered(self, unchecked: bool) -> tuple[str, ...]:
        return find_offered(("en", "pl"), unchecked, [{"words/pl.po": PL.read_bytes()}])

    def fill_half(self, *flags: str) -> None:
        catalogue = write_out()
        for entry in catalogue[: len(catalogue) // 2 + 1]:
            entry.msgstr, entry.flags = "tak", list(flags)
        catalogue.save(str(PL))

    def test_a_language_is_offered_once_half_of_it_is_there(self):
        write_out()
        assert self.offered(True) == ("en",)

        self.fill_half()
        assert self.offered(False) == ("en", "pl")

    def test_unchecked_words_count_only_where_they_are_shown(self):
        self.fill_half("fuzzy")

        assert (self.offered(False), self.offered(True)) == (("en",), ("en", "pl"))


def shipped_catalogues() -> Iterator[Path]:
    yield from sorted(PROGRAMME.glob("words/*.po"))
    yield from sorted(content_folder().glob("*/words/*.po"))


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed")
def test_msgfmt_takes_every_shipped_catalogue():
    for file in shipped_catalogues():
        ran = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", file], capture_output=True, text=True)
        assert ran.returncode == 0, f"{file}: {ran.stderr}"


@pytest.mark.parametrize("language", ["ar", "bn", "pl", "pt", "ro", "ur"])
def test_every_shipped_catalogue_is_whole_and_read_alike_by_babel(language: str):
    for file in (each for each in shipped_catalogues() if each.stem == language):
        ours = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in load_catalogue(file) if not entry.obsolete}
        with file.open("rb") as opened:
            theirs = {(each.context, each.id): each.string for each in read_po(opened) if each.id}
        assert ours == theirs, file


def test_every_shipped_catalogue_has_todays_english():
    known = {each.words for each in find_programme_english()}

    for file in PROGRAMME.glob("words/*.po"):
        assert {entry.msgid for entry in load_catalogue(file) if not entry.obsolete} == known, file


def test_a_catalogue_that_is_not_utf_8_is_said_to_be_so():
    Path("latin.po").write_bytes('msgid "a"\nmsgstr "ć"\n'.encode("iso-8859-2"))

    with pytest.raises(PackFaulty, match="not written in UTF-8"):
        load_catalogue(Path("latin.po"))


def test_a_new_text_of_the_programme_takes_only_a_like_ones_translation():
    catalogue = new_catalogue("programme", "pl", date(2026, 11, 21))
    bring_up_to_date(catalogue, [English("", "Try another kind."), English("", "Back")])
    catalogue[0].msgstr, catalogue[1].msgstr = "Wybierz inny rodzaj.", "Wstecz"

    bring_up_to_date(catalogue, [English("", "Try another kind or age."), English("", "Print it"), English("", "Back")])

    entries = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    assert entries["Try another kind or age."].previous_msgid == "Try another kind."
    assert entries["Try another kind or age."].msgstr == "Wybierz inny rodzaj."
    assert entries["Print it"].msgstr == ""
    assert entries["Back"].msgstr == "Wstecz"
