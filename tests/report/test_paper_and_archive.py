"""The print and archive editions of the report, in all languages, opened with other eyes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pytest
import yaml
from PIL import Image

from reportgen.preflight.ink import total_ink
from reportgen.preflight.paint import CMYK, GRAY, PATTERN, Space, painted

from .conftest import ROOT, run_reportgen

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("paper")]

LOCALES = ("en", "fr", "es", "ar")
MM = 72 / 25.4


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Path]:
    """Both editions in all languages, by locale and edition, built by one command."""
    out = tmp_path_factory.mktemp("paper")
    options = ("--all-locales", "--edition", "print", "--edition", "archive")
    result = run_reportgen("build", *options, "--out", str(out), "--json")
    assert result.returncode == 0, result.stdout
    outputs = json.loads(result.stdout)["outputs"]
    assert not any(output["diagnostics"] for output in outputs)
    made = {(output["locale"], output["edition"]): Path(output["path"]) for output in outputs}
    assert len(made) == 2 * len(LOCALES)
    return made


@pytest.mark.parametrize("locale", LOCALES)
def test_boxes_are_a4_with_3_mm_of_bleed(
    files: Mapping[tuple[str, str], Path], locale: str
) -> None:
    with pikepdf.open(files[locale, "print"]) as pdf:
        assert len(pdf.pages) % 4 == 0
        for page in pdf.pages:
            trim, bleed, media = (
                [float(value) / MM for value in page.obj[f"/{name}"]]
                for name in ("TrimBox", "BleedBox", "MediaBox")
            )
            assert trim == pytest.approx([0, 0, 210, 297], abs=0.01)
            assert bleed == pytest.approx([-3, -3, 213, 300], abs=0.01)
            assert media == pytest.approx([-10, -10, 220, 307], abs=0.01)
            assert "/CropBox" not in page.obj
            assert "/Annots" not in page.obj


@pytest.mark.parametrize("locale", LOCALES)
def test_there_is_no_rgb_and_no_spot_colour(
    files: Mapping[tuple[str, str], Path], locale: str
) -> None:
    with pikepdf.open(files[locale, "print"]) as pdf:
        families = {one.family for page in painted(pdf) for one in page if isinstance(one, Space)}
        # Flags have gradients, and what is transparent blends in a group.
        assert {CMYK} <= families <= {CMYK, GRAY, PATTERN}
        # Nor is there any in an object that no page paints.
        for entry in pdf.objects:
            if isinstance(entry, pikepdf.Stream):
                assert str(entry.get("/ColorSpace", "")) not in ("/DeviceRGB", "/CalRGB")


@pytest.mark.parametrize("locale", LOCALES)
def test_ink_is_within_the_limit(files: Mapping[tuple[str, str], Path], locale: str) -> None:
    totals = dict(total_ink(files[locale, "print"].read_bytes()))
    assert max(totals.values()) <= 300
    # The cover's colours are there: what is measured is the page.
    assert totals[1] >= 200


@pytest.mark.parametrize("locale", LOCALES)
def test_the_printing_condition_and_the_standard_are_named(
    files: Mapping[tuple[str, str], Path], locale: str
) -> None:
    with pikepdf.open(files[locale, "print"]) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == pikepdf.Name.GTS_PDFX
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"
        assert str(intent.RegistryName) == "http://www.color.org"
        profile = (ROOT / "src/reportgen/profiles/FOGRA39L-coated.icc").read_bytes()
        assert intent.DestOutputProfile.read_bytes() == profile
        assert pdf.pdf_version == "1.6"
        assert str(pdf.docinfo["/Trapped"]) == "/False"
        xmp = pdf.open_metadata()
        assert xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
        assert xmp["xmpMM:RenditionClass"] == "default"
        assert xmp["xmpMM:DocumentID"].startswith("uuid:")
        assert xmp["pdf:Trapped"] == "False"
        assert xmp["xmp:MetadataDate"] == xmp["xmp:CreateDate"] == "2021-12-01T00:00:00Z"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("edition", ["print", "archive"])
def test_the_file_says_what_it_is(
    files: Mapping[tuple[str, str], Path], locale: str, edition: str
) -> None:
    settings = yaml.safe_load((ROOT / "content/report.yaml").read_text("utf-8"))
    rights = settings["imprint"]["license"]
    with pikepdf.open(files[locale, edition]) as pdf:
        xmp, info = pdf.open_metadata(), pdf.docinfo
        assert xmp["dc:title"] == str(info["/Title"])
        assert xmp["dc:creator"] == [str(info["/Author"])] == [settings["authors"][0]["name"]]
        assert xmp["pdf:Keywords"] == str(info["/Keywords"])
        assert xmp["dc:language"] == {locale}
        assert str(pdf.Root.Lang) == locale
        assert xmp["xmpRights:Marked"] == "True"
        assert xmp["xmpRights:WebStatement"] == rights["url"]
        assert xmp["xmpMM:VersionID"] == settings["version"]
        assert re.fullmatch("sha256:[0-9a-f]{64}", xmp["dc:source"])
        assert "/Filter" not in pdf.Root.Metadata


def test_files_of_the_same_content_say_so(files: Mapping[tuple[str, str], Path]) -> None:
    sources = {}
    for key, path in files.items():
        with pikepdf.open(path) as pdf:
            sources[key] = pdf.open_metadata()["dc:source"]
    for locale in LOCALES:
        assert sources[locale, "print"] == sources[locale, "archive"]
    assert len(set(sources.values())) == len(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("profile", ["PDF_A_3A", "PDF_UA_1"])
def test_the_archive_conforms_to_both_standards(
    files: Mapping[tuple[str, str], Path], locale: str, profile: str
) -> None:
    report = validator.validate_pdf(
        str(files[locale, "archive"]), profile=getattr(validator.ValidationProfile, profile)
    )
    assert report.rules.total > 100
    assert report.rules.failed == 0, report.failures


@pytest.mark.parametrize("locale", LOCALES)
def test_the_attached_data_is_the_content(
    files: Mapping[tuple[str, str], Path], locale: str
) -> None:
    with pikepdf.open(files[locale, "archive"]) as pdf:
        attached = {n: pdf.attachments[n].get_file().read_bytes() for n in pdf.attachments}
        relations = {str(entry.UF): str(entry.AFRelationship) for entry in pdf.Root.AF}
        types = {n: str(pdf.attachments[n].obj.EF.F.Subtype) for n in pdf.attachments}
    assert relations == {
        "commitments.csv": "/Data",
        "commitments.json": "/Data",
        "datapackage.json": "/Supplement",
    }
    assert types["commitments.csv"] == "/text/csv"
    assert types["commitments.json"] == types["datapackage.json"] == "/application/json"
    rows = list(csv.DictReader(io.StringIO(attached["commitments.csv"].decode(), newline="")))
    told = [(r["id"], r["member"], r["pillar"], int(r["year"]), r["title"]) for r in rows]
    assert told == list(records())
    assert [r["summary"] for r in rows] == [
        r["summary"] for r in json.loads(attached["commitments.json"])
    ]
    manifest = json.loads(attached["datapackage.json"])
    for resource in manifest["resources"]:
        data = attached[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)
    assert manifest["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    assert manifest["version"] == "1.0"


def records() -> Iterator[tuple[Any, ...]]:
    """Give the records as their YAML files have them, read by another program."""
    for path in sorted((ROOT / "content/commitments").glob("*.yaml")):
        file = yaml.safe_load(path.read_text("utf-8"))
        for record in file["commitments"]:
            title = " ".join(record["title"].split())
            yield record["id"], file["member"], record["pillar"], record["year"], title


def plates(path: Path, number: int, folder: Path) -> dict[str, Image.Image]:
    """Separate a page with its surroundings: how much of each ink lies where, from 0 to 255."""
    subprocess.run(
        [
            *("gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiff32nc", "-r72"),
            *(f"-dFirstPage={number}", f"-dLastPage={number}"),
            *(f"-sOutputFile={folder}/plates.tif", str(path)),
        ],
        check=True,
    )
    with Image.open(folder / "plates.tif") as image:
        return dict(zip("CMYK", image.split(), strict=True))


def cut(plate: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """Give a rectangle of a page; in mm from the upper left corner of its trim."""
    # At 72 dots an inch a dot is a point, and the sheet begins 10 mm before the trim.
    box = [round((value + 10) * MM) for value in (left, top, right, bottom)]
    return plate.crop((box[0], box[1], box[2], box[3]))


def inked(plate: Image.Image) -> tuple[int, int]:
    """Give the least and the most ink of a plate, from 0 to 255."""
    values = plate.tobytes()
    return min(values), max(values)


def test_text_is_on_the_black_plate_alone(
    files: Mapping[tuple[str, str], Path], tmp_path: Path
) -> None:
    # Page 6 is text, with a pull-out in the side column.
    page = plates(files["en", "print"], 6, tmp_path)
    assert inked(cut(page["K"], 64, 30, 182, 120))[1] == 255
    for ink in "CMY":
        assert inked(cut(page[ink], 64, 30, 182, 120)) == (0, 0)


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_colour_fills_the_bleed_and_marks_lie_outside(
    files: Mapping[tuple[str, str], Path], locale: str, tmp_path: Path
) -> None:
    # Page 11 is the opener of the first pillar, in both.
    page = plates(files[locale, "print"], 11, tmp_path)
    for edge in ((-2.8, -2.8, 212.8, -0.2), (-2.8, -2.8, -0.2, 299.8), (210.2, 0, 212.8, 299.8)):
        assert inked(cut(page["C"], *edge)) == (255, 255)
    for ink in "CMYK":
        slug = cut(page[ink], -10, -10, 220, -3.6)
        assert inked(slug)[1] > 100, "the marks are on each plate"
        # Between bleed and mark there is nothing, nor between the marks.
        assert inked(cut(page[ink], -10, -3.7, 220, -3.3))[1] == 0
        assert inked(cut(page[ink], 5, -10, 205, -3.3))[1] == 0


def test_a_proof_shows_the_pages_as_spreads(tmp_path: Path) -> None:
    options = ("--edition", "print", "--locale", "ar", "--proof", "--out", str(tmp_path))
    assert run_reportgen("build", *options, "--quiet").returncode == 0
    (path,) = tmp_path.glob("*.ar.print-proof.pdf")
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 15
        sizes = {tuple(round(float(v) / MM) for v in page.obj.MediaBox) for page in pdf.pages}
        assert sizes == {(0, 0, 297, 210)}
    # Read from right to left, the cover is the left half of its spread.
    page = subprocess.run(
        [
            *("gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pnggray", "-r36"),
            *("-dLastPage=1", "-sOutputFile=-", str(path)),
        ],
        check=True,
        capture_output=True,
    ).stdout
    with Image.open(io.BytesIO(page)) as image:
        half = image.width // 2
        assert inked(image.crop((0, 0, half, image.height)))[0] < 100
        assert inked(image.crop((half + 2, 0, image.width, image.height))) == (255, 255)


@pytest.mark.parametrize("locale", LOCALES)
def test_content_is_painted_in_the_order_of_the_tags(
    files: Mapping[tuple[str, str], Path], locale: str
) -> None:
    with pikepdf.open(files[locale, "archive"]) as pdf:
        for page in pdf.pages:
            tagged = [mcid for of, mcid in _contents(pdf) if of == page.obj.objgen]
            assert tagged == sorted(tagged)


def _contents(pdf: pikepdf.Pdf) -> list[tuple[tuple[int, int], int]]:
    """Return the page and the number of each piece of marked content, in the order of the tags."""
    found = []

    def walk(element: Any) -> None:
        kids = element.get("/K", [])
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                found.append((element.Pg.objgen, kid))
            elif kid.get("/Type") == "/MCR":
                found.append((kid.Pg.objgen, int(kid.MCID)))
            elif "/S" in kid:
                walk(kid)

    walk(pdf.Root.StructTreeRoot.K[0])
    return found
