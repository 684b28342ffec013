"""What languages have of their own, by the CLDR and ICU: no table of ours."""

from __future__ import annotations

import pytest

from reportgen.locales.locale import Locale, cldr_locale
from reportgen.model.load import load_report
from reportgen.pages.catalogue import members_by_name
from reportgen.project import Project
from tests.conftest import Workspace

NBSP = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"


def locale(tag: str) -> Locale:
    return Locale(tag, "en")


@pytest.mark.parametrize(
    ("tag", "month"),
    [
        ("en", "December 2021"),
        ("fr", "décembre 2021"),
        ("es", "diciembre de 2021"),
        ("ar", "ديسمبر 2021"),
        ("pt-BR", "dezembro de 2021"),
    ],
)
def test_month(tag: str, month: str) -> None:
    assert locale(tag).month(2021, 12) == month


@pytest.mark.parametrize(
    ("tag", "percent", "small", "number"),
    [
        ("en", "12.5%", "0.7%", "1,234.5"),
        ("fr", f"12,5{NBSP}%", f"0,7{NBSP}%", f"1{THIN}234,5"),
        ("es", f"12,5{NBSP}%", f"0,7{NBSP}%", "1.234,5"),
    ],
)
def test_numbers(tag: str, percent: str, small: str, number: str) -> None:
    assert locale(tag).percent(12.5) == percent
    assert locale(tag).percent(0.7) == small
    assert locale(tag).number(1234.5) == number


def test_arabic_has_the_digits_of_ids_and_years() -> None:
    arabic = locale("ar")
    for text in (arabic.percent(12.5), arabic.number(1234.5), arabic.month(2021, 12)):
        assert {c for c in text if c.isdigit()} <= set("0123456789")
    assert "12.5" in arabic.percent(12.5)


def test_countries() -> None:
    names = {tag: locale(tag).country("US") for tag in ("en", "fr", "es", "ar")}
    assert names == {
        "en": "United States",
        "fr": "États-Unis",
        "es": "Estados Unidos",
        "ar": "الولايات المتحدة",
    }
    assert locale("fr").country("XX") == "XX"


def test_a_list_is_joined_as_a_sentence_joins_it() -> None:
    assert locale("en").listing(["a", "b", "c"]) == "a, b, and c"
    assert locale("fr").listing(["a", "b", "c"]) == "a, b et c"
    assert locale("es").listing(["a", "b", "c"]) == "a, b y c"


def test_direction() -> None:
    tags = ("en", "fr", "zh-Hant", "ar", "he", "ur")
    assert [locale(tag).direction for tag in tags] == ["ltr"] * 3 + ["rtl"] * 3


def test_a_language_is_called_by_its_own_name() -> None:
    assert locale("en").language("fr") == "français"
    assert locale("fr").language("ar") == "العربية"


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        ("en", ["Chile", "Côte d’Ivoire", "Ecuador", "Spain", "United States"]),
        # By code points these would stand behind Z.
        ("fr", ["Équateur", "Espagne", "États-Unis", "Finlande", "Nigéria", "Zambie"]),
        ("fr", ["Œuvre", "Oman", "Ouganda"]),
        # A letter of its own in Spanish, between N and O; an accent is none.
        ("es", ["Nariño", "Nigeria", "Ñuble", "Omán", "Panamá", "Perú"]),
        # The article counts; hamza and alif are one letter.
        ("ar", ["أذربيجان", "إسبانيا", "ألبانيا", "أوستن", "بيرو", "كينيا", "هولندا"]),
    ],
)
def test_names_are_in_the_order_of_the_language(tag: str, names: list[str]) -> None:
    shuffled = [*names[1::2], *names[::2]]
    shuffled.sort(key=locale(tag).sort_key)
    assert shuffled == names


def test_members_are_sorted_by_the_language_of_the_edition(workspace: Workspace) -> None:
    workspace.edit("content/members.yaml", ("name: Auckland", "name: Écluse"))
    report = load_report(Project(workspace.root)).report
    assert report is not None
    groups = members_by_name(report, locale("fr"))
    assert [group.member.name for group in groups] == ["Écluse", "New Zealand", "Switzerland"]


@pytest.mark.parametrize("tag", ["klingonese", "qqq", "fr_FR", "fr-../x", "../fr", "", "1", "f"])
def test_what_is_no_language(tag: str) -> None:
    with pytest.raises(ValueError, match="is not the tag of a language, such as fr or pt-BR"):
        cldr_locale(tag)


@pytest.mark.parametrize(("tag", "name"), [("fr-XX", "fr"), ("pt-BR", "pt_BR"), ("en-XA", "en")])
def test_a_region_that_the_cldr_does_not_know_is_passed_over(tag: str, name: str) -> None:
    assert str(cldr_locale(tag)) == name


def test_without_a_catalog_only_the_source_s_language_says_something() -> None:
    assert locale("en").find("Contents") == "Contents"
    assert locale("en").find_plural("member", "members", 2) == "members"
    assert locale("fr").find("Contents") is None
    assert locale("fr").gettext("Contents") == "Contents"
