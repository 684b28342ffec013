"""One member's brief of the real report, on the screen and on paper, in two scripts."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest
import yaml

from .conftest import ROOT, run_reportgen

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("briefs")]

LOCALES = {"en": "Kenya", "ar": "كينيا"}
MEMBER = "kenya"

Files = Mapping[tuple[str, str], Path]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The brief by locale and edition, built by one command that checks each file."""
    out = tmp_path_factory.mktemp("brief")
    locales = [option for tag in LOCALES for option in ("--locale", tag)]
    editions = ("--edition", "digital", "--edition", "print", "--edition", "archive")
    options = ("--select", f"member={MEMBER}", *locales, *editions)
    result = run_reportgen("build", *options, "--out", str(out), "--json")
    assert result.returncode == 0, result.stdout
    outputs = json.loads(result.stdout)["outputs"]
    assert len(outputs) == 6
    assert all(output["conformant"] for output in outputs)
    assert all(output["selection"] == {"member": [MEMBER]} for output in outputs)
    assert not any(output["diagnostics"] for output in outputs)
    assert not any(output["untranslated"] for output in outputs)
    return {(o["locale"], o["edition"]): Path(o["path"]) for o in outputs}


def ids_of(member: str) -> set[str]:
    text = (ROOT / f"content/commitments/{member}.yaml").read_text(encoding="utf-8")
    return {record["id"] for record in yaml.safe_load(text)["commitments"]}


ALL_IDS = {i for path in (ROOT / "content/commitments").glob("*.yaml") for i in ids_of(path.stem)}


@pytest.mark.parametrize("edition", ["digital", "print"])
@pytest.mark.parametrize("locale", LOCALES)
def test_it_has_the_member_s_records_and_no_other_s(
    files: Files, locale: str, edition: str
) -> None:
    path = files[locale, edition]
    assert path.name == f"taking-action-for-justice.{MEMBER}.{locale}.{edition}.pdf"
    text = subprocess.run(
        ["pdftotext", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"[A-Z]{2,4}[0-9]{4}", text)) & ALL_IDS == ids_of(MEMBER)


@pytest.mark.parametrize("locale", LOCALES)
def test_its_title_and_its_first_bookmark_say_whose_it_is(files: Files, locale: str) -> None:
    with pikepdf.open(files[locale, "digital"]) as pdf:
        assert str(pdf.docinfo["/Title"]).endswith(f": {LOCALES[locale]}")
        with pdf.open_outline() as outline:
            assert outline.root[0].title.endswith(LOCALES[locale])


@pytest.mark.parametrize("locale", LOCALES)
def test_a_member_with_one_record_has_one_folded_sheet(files: Files, locale: str) -> None:
    with pikepdf.open(files[locale, "print"]) as pdf:
        assert len(pdf.pages) == 4


def test_the_archive_has_the_member_s_data(files: Files) -> None:
    with pikepdf.open(files["en", "archive"]) as pdf:
        attached = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    named = {pikepdf_name.rpartition("/")[2]: data for pikepdf_name, data in attached.items()}
    assert set(re.findall(rb"[A-Z]{2,4}[0-9]{4}", named["commitments.csv"])) == {
        i.encode() for i in ids_of(MEMBER)
    }
    assert f"member={MEMBER}" in json.loads(named["datapackage.json"])["description"]
