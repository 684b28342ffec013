"""Each check of the preflight, with a file made wrong on purpose that trips it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner
from pikepdf import Array, Dictionary, Name, Stream, String
from weasyprint import HTML

from reportgen.cli import main
from reportgen.pdf.reading import UnreadablePdfError
from reportgen.preflight.preflight import UnknownEditionError, preflight
from reportgen.preflight.result import Outcome, Wanted

pytestmark = pytest.mark.xdist_group("preflight")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The starter report in each edition, built by the real command."""
    root = tmp_path_factory.mktemp("starter") / "report"
    run = CliRunner().invoke
    assert run(main, ["init", str(root)]).exit_code == 0
    editions = ("digital", "archive", "print")
    options = [word for name in editions for word in ("--edition", name)]
    result = run(main, ["build", "--project", str(root), "--json", *options])
    assert result.exit_code == 0, result.output
    outputs = json.loads(result.stdout)["outputs"]
    return {output["edition"]: Path(output["path"]) for output in outputs}


@pytest.mark.parametrize("edition", ["digital", "archive", "print"])
def test_what_is_built_passes(files: Mapping[str, Path], edition: str) -> None:
    result = preflight(files[edition].read_bytes())
    assert result.edition == edition
    outcomes = {check.name: (check.outcome, check.findings) for check in result.checks}
    assert {outcome for outcome, _ in outcomes.values()} == {Outcome.PASSED}, outcomes


Spoil = Callable[[Any], object]


def draw(code: bytes, **resources: Any) -> Spoil:
    """Draw something more on the last page, with resources of their own kinds."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[-1]
        # The resources are shared by all pages: this one gets a copy.
        shared: Any = page.obj.Resources
        page.obj.Resources = Dictionary(shared)
        for kind, entries in resources.items():
            merged = Dictionary(page.obj.Resources.get(f"/{kind}", Dictionary()))
            for name, value in entries.items():
                made = value(pdf) if callable(value) else value
                merged[f"/{name}"] = made
            page.obj.Resources[f"/{kind}"] = merged
        page.contents_add(code)

    return spoil


def form(code: bytes, **more: Any) -> Callable[[pikepdf.Pdf], Stream]:
    box = Array([0, 0, 50, 50])
    return lambda pdf: Stream(pdf, code, Type=Name.XObject, Subtype=Name.Form, BBox=box, **more)


def picture(space: Any, data: bytes = b"\0\0\0", **more: Any) -> Callable[[pikepdf.Pdf], Stream]:
    size = {"Width": 1, "Height": 1, "BitsPerComponent": 8}
    return lambda pdf: Stream(
        pdf, data, Type=Name.XObject, Subtype=Name.Image, ColorSpace=space, **size, **more
    )


def shading(space: Any) -> Dictionary:
    function = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0], C1=[1, 1, 1], N=1)
    return Dictionary(
        ShadingType=2, ColorSpace=space, Coords=[0, 0, 1, 1], Domain=[0, 1], Function=function
    )


SPOT = Array(
    [
        Name.Separation,
        Name.Gold,
        Name.DeviceCMYK,
        Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 0, 1, 0], N=1),
    ]
)


def edit_xmp(old: str, new: str) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        text = pdf.Root.Metadata.read_bytes().decode()
        assert old in text
        pdf.Root.Metadata.write(text.replace(old, new).encode())

    return spoil


def each(kind: str, change: Callable[[Any], object]) -> Spoil:
    """Change every object of a type."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        found = [o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/Type") == kind]
        assert found
        for entry in found:
            change(entry)

    return spoil


def on_last_page(change: Callable[[Any], object]) -> Spoil:
    return lambda pdf: change(pdf.pages[-1].obj)


def first_link(change: Callable[[Any], object]) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        links = [a for page in pdf.pages for a in page.get("/Annots", ())]
        change(links[0])

    return spoil


def put(key: str, value: Any) -> Callable[[Any], None]:
    return lambda entry: entry.__setitem__(key, value)


def drop(key: str) -> Callable[[Any], None]:
    return lambda entry: entry.__delitem__(key) if key in entry else None


def attach(name: str, data: bytes) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[name] = data

    return spoil


def spec(name: str, change: Callable[[Any], object]) -> Spoil:
    return lambda pdf: change(pdf.attachments[name].obj)


def no_fonts(pdf: pikepdf.Pdf) -> None:
    def strip(descriptor: Any) -> None:
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            drop(key)(descriptor)

    each("/FontDescriptor", strip)(pdf)


def broken_stream(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[-1].obj
    page.Contents = Stream(pdf, b"")
    page.Contents.write(b"this is not compressed", filter=Name.FlateDecode)


def screen_profile(pdf: pikepdf.Pdf) -> None:
    from PIL import ImageCms

    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pdf.Root.OutputIntents[0].DestOutputProfile = Stream(pdf, data, N=3)


LINK = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], Border=[0, 0, 0])
STAMP = form(b"1 0 0 rg 0 0 9 9 re f")


def stamp(pdf: pikepdf.Pdf) -> None:
    look = Dictionary(N=pdf.make_indirect(STAMP(pdf)))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[0, 0, 9, 9], AP=look)
    pdf.pages[-1].obj.Annots = Array([note])


WRONG: list[tuple[str, str, Spoil, str]] = [
    ("digital", "syntax", broken_stream, "error decoding stream data"),
    ("digital", "PDF/UA-1", lambda pdf: drop("/Lang")(pdf.Root), "UA1-"),
    ("digital", "fonts", no_fonts, "is not embedded"),
    ("digital", "fonts", each("/Font", drop("/ToUnicode")), "has no way back to characters"),
    ("digital", "metadata", lambda pdf: drop("/Metadata")(pdf.Root), "dc:title is missing"),
    ("digital", "metadata", edit_xmp("sha256:", "md5:"), "dc:source is 'md5:"),
    ("digital", "metadata", edit_xmp("WebStatement", "Certificate"), "the licence's address"),
    ("digital", "metadata", edit_xmp("VersionID", "Nothing"), "xmpMM:VersionID is missing"),
    ("digital", "info", lambda pdf: put("/Title", "Other")(pdf.docinfo), "/Title is 'Other', but"),
    (
        "digital",
        "info",
        lambda pdf: put("/ModDate", "D:20010101")(pdf.docinfo),
        "/ModDate is '20010101000000', but",
    ),
    (
        "digital",
        "boxes",
        on_last_page(put("/MediaBox", Array([-9, -9, 700, 900]))),
        "the page is larger than its trim",
    ),
    ("digital", "tags", lambda pdf: drop("/StructTreeRoot")(pdf.Root), "the file has no tags"),
    ("digital", "tags", lambda pdf: drop("/Lang")(pdf.Root), "doesn't say its language"),
    ("digital", "tags", lambda pdf: drop("/ViewerPreferences")(pdf.Root), "the file's name"),
    ("digital", "tags", each("/StructElem", drop("/Alt")), "a figure has no alternative text"),
    ("digital", "links", first_link(put("/Contents", " ")), "a link has no description"),
    ("digital", "links", first_link(put("/F", 0)), "is not printed"),
    (
        "digital",
        "links",
        first_link(put("/A", Dictionary(S=Name.URI, URI=String("javascript:1")))),
        "leads to 'javascript:1'",
    ),
    (
        "digital",
        "links",
        first_link(lambda link: (drop("/A")(link), put("/Dest", String("x"))(link))),
        "leads to 'x', which isn't there",
    ),
    (
        "digital",
        "links",
        first_link(lambda link: (drop("/A")(link), drop("/Dest")(link))),
        "leads nowhere",
    ),
    ("digital", "no data", attach("a.csv", b"a"), "'a.csv' is attached"),
    ("archive", "PDF/A-3a", lambda pdf: drop("/OutputIntents")(pdf.Root), "PDFA3A-"),
    ("archive", "PDF/UA-1", lambda pdf: drop("/Lang")(pdf.Root), "UA1-"),
    (
        "archive",
        "output intent",
        lambda pdf: drop("/OutputIntents")(pdf.Root),
        "there are 0 output intents /GTS_PDFA1",
    ),
    (
        "archive",
        "data",
        lambda pdf: pdf.attachments.__delitem__("commitments.csv"),
        "'commitments.csv' is not attached",
    ),
    (
        "archive",
        "data",
        lambda pdf: pdf.attachments["commitments.csv"].obj.EF.F.write(b"id\r\n"),
        "'commitments.csv' is not what 'datapackage.json' says",
    ),
    (
        "archive",
        "data",
        spec("commitments.json", drop("/AFRelationship")),
        "'commitments.json' has no relationship to the file",
    ),
    (
        "archive",
        "data",
        spec("commitments.json", lambda entry: drop("/Subtype")(entry.EF.F)),
        "'commitments.json' has no media type",
    ),
    (
        "archive",
        "data",
        lambda pdf: put("/AF", Array([]))(pdf.Root),
        "'commitments.csv' is not associated with the file",
    ),
    (
        "archive",
        "data",
        spec("datapackage.json", lambda entry: entry.EF.F.write(b"[]")),
        "'datapackage.json' can't be read",
    ),
    ("archive", "data", attach("more.csv", b"a"), "'datapackage.json' doesn't name 'more.csv'"),
    ("print", "boxes", on_last_page(drop("/TrimBox")), "TrimBox, BleedBox or MediaBox is missing"),
    (
        "print",
        "boxes",
        on_last_page(put("/TrimBox", Array([0, 0, 595.2756, 841.83]))),
        "the trim is 210.00 × 296.98 mm",
    ),
    (
        "print",
        "boxes",
        on_last_page(put("/BleedBox", Array([0, 0, 595.2756, 841.8898]))),
        "the bleed is 0.00, 0.00, 0.00, 0.00 mm, not 3",
    ),
    (
        "print",
        "boxes",
        on_last_page(put("/MediaBox", Array([0, 0, 595.2756, 841.8898]))),
        "the BleedBox reaches out of the MediaBox",
    ),
    (
        "print",
        "boxes",
        on_last_page(put("/CropBox", Array([0, 0, 595.2756, 841.8898]))),
        "the CropBox cuts the bleed off",
    ),
    ("print", "metadata", edit_xmp("RenditionClass", "Nothing"), "xmpMM:RenditionClass"),
    ("print", "version", edit_xmp("PDF/X-4", "PDF/X-3"), "claims PDF/X-3, not PDF/X-4"),
    ("print", "info", lambda pdf: put("/Trapped", Name.Unknown)(pdf.docinfo), "/Trapped is"),
    (
        "print",
        "output intent",
        lambda pdf: drop("/OutputIntents")(pdf.Root),
        "there are 0 output intents /GTS_PDFX",
    ),
    (
        "print",
        "output intent",
        lambda pdf: drop("/OutputConditionIdentifier")(pdf.Root.OutputIntents[0]),
        "the output intent has no name",
    ),
    (
        "print",
        "output intent",
        lambda pdf: drop("/DestOutputProfile")(pdf.Root.OutputIntents[0]),
        "the output intent has no profile",
    ),
    ("print", "output intent", screen_profile, "its profile is a profile of RGB"),
    ("print", "colour", draw(b"1 0 0 rg 0 0 9 9 re f"), "a fill is in RGB"),
    ("print", "colour", draw(b"1 0 0 RG 0 0 9 9 re S"), "a line is in RGB"),
    ("print", "colour", draw(b"/DeviceRGB cs 1 0 0 sc 0 0 9 9 re f"), "a fill is in RGB"),
    ("print", "colour", draw(b"/s cs 1 scn 0 0 9 9 re f", ColorSpace={"s": SPOT}), "is in spot"),
    (
        "print",
        "colour",
        draw(b"/l cs 1 scn", ColorSpace={"l": Array([Name.Lab, Dictionary()])}),
        "is in Lab",
    ),
    (
        "print",
        "colour",
        draw(b"/outer Do", XObject={"outer": form(b"1 0 0 rg 0 0 9 9 re f")}),
        "a fill is in RGB",
    ),
    (
        "print",
        "colour",
        draw(
            b"/g Do",
            XObject={"g": form(b"", Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB))},
        ),
        "a transparency group is in RGB",
    ),
    ("print", "colour", draw(b"/i Do", XObject={"i": picture(Name.DeviceRGB)}), "a picture is in"),
    (
        "print",
        "colour",
        draw(b"BI /W 1 /H 1 /BPC 8 /CS /RGB ID \x00\x00\x00 EI"),
        "a picture is in RGB",
    ),
    ("print", "colour", draw(b"/h sh", Shading={"h": shading(Name.DeviceRGB)}), "a gradient is in"),
    (
        "print",
        "colour",
        draw(
            b"/Pattern cs /p scn 0 0 9 9 re f",
            Pattern={"p": Dictionary(PatternType=2, Shading=shading(Name.DeviceRGB))},
        ),
        "a gradient is in RGB",
    ),
    (
        "print",
        "colour",
        draw(
            b"/Pattern cs /p scn 0 0 9 9 re f",
            Pattern={
                "p": lambda pdf: Stream(
                    pdf,
                    b"1 0 0 rg 0 0 9 9 re f",
                    PatternType=1,
                    PaintType=1,
                    TilingType=1,
                    BBox=[0, 0, 9, 9],
                    XStep=9,
                    YStep=9,
                    Resources=Dictionary(),
                )
            },
        ),
        "a fill is in RGB",
    ),
    (
        "print",
        "colour",
        draw(
            b"/m gs",
            ExtGState={
                "m": lambda pdf: Dictionary(
                    SMask=Dictionary(
                        S=Name.Luminosity, G=pdf.make_indirect(form(b"1 0 0 rg 0 0 9 9 re f")(pdf))
                    )
                )
            },
        ),
        "a fill is in RGB",
    ),
    ("print", "colour", stamp, "a fill is in RGB"),
    (
        "print",
        "black text",
        draw(b"0.5 0 0 1 k BT /none 10 Tf (x) Tj ET"),
        "text is printed in 50% 0% 0% 100%",
    ),
    ("print", "total ink", draw(b"1 1 1 0.5 k 0 0 99 99 re f"), "350 % of ink, more than 300 %"),
    (
        "print",
        "lines",
        draw(b"q 0.5 0 0 0.5 0 0 cm 0.2 w 0 0 m 9 9 l S Q"),
        "a line is 0.100 pt thick, less than 0.25",
    ),
    (
        "print",
        "lines",
        draw(b"0.2 0 0 0.2 0 0 cm 1 w /thin Do", XObject={"thin": form(b"0 0 m 9 9 l S")}),
        "a line is 0.200 pt thick",
    ),
    (
        "print",
        "pictures",
        draw(b"72 0 0 72 0 0 cm /i Do", XObject={"i": picture(Name.DeviceGray, b"\0")}),
        "a picture has 1 pixels an inch",
    ),
    (
        "print",
        "nothing live",
        on_last_page(put("/Annots", Array([LINK]))),
        "there are annotations on the page",
    ),
    ("print", "lines", draw(b"w"), "can't be checked (IndexError"),
    ("print", "nothing live", on_last_page(put("/AA", Dictionary())), "the page has an action"),
    (
        "print",
        "nothing live",
        lambda pdf: put("/OpenAction", Dictionary(S=Name.JavaScript))(pdf.Root),
        "an action that is run when it is opened",
    ),
    ("print", "no data", attach("a.csv", b"a"), "'a.csv' is attached"),
]


@pytest.mark.parametrize(
    ("edition", "name", "spoil", "text"), WRONG, ids=[f"{e}-{n}-{t}" for e, n, _, t in WRONG]
)
def test_a_file_made_wrong_trips_its_check(
    files: Mapping[str, Path],
    edition: str,
    name: str,
    spoil: Spoil,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if name != "total ink":  # ghostscript takes its time
        monkeypatch.setattr(shutil, "which", lambda program: None)
    with pikepdf.open(files[edition]) as pdf:
        spoil(pdf)
        spoilt = io.BytesIO()
        pdf.save(spoilt, fix_metadata_version=False, compress_streams=False)
    result = preflight(spoilt.getvalue(), edition=edition)
    (check,) = (check for check in result.checks if check.name == name)
    assert check.outcome in (Outcome.FAILED, Outcome.WARNED)
    assert any(text in finding.text for finding in check.findings), check.findings


def test_another_version_of_pdf_is_told(files: Mapping[str, Path]) -> None:
    with pikepdf.open(files["print"]) as pdf:
        saved = io.BytesIO()
        pdf.save(saved, force_version="1.7")
    result = preflight(saved.getvalue())
    assert [c.findings[0].text for c in result.failed] == ["the file is PDF 1.7, not 1.6"]


def test_an_encrypted_file_is_told(files: Mapping[str, Path]) -> None:
    with pikepdf.open(files["print"]) as pdf:
        saved = io.BytesIO()
        pdf.save(saved, encryption=pikepdf.Encryption(owner="o", user=""))
    failed = {check.name: check.findings for check in preflight(saved.getvalue()).failed}
    assert failed["syntax"][0].text == "the file is encrypted"


def test_the_wanted_number_of_pages_is_the_printers(files: Mapping[str, Path]) -> None:
    data = files["print"].read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        count = len(pdf.pages)
    multiple = count + 1
    result = preflight(data, Wanted(pages_multiple_of=multiple))
    (failed,) = result.failed
    assert failed.findings[0].text == f"{count} pages are no multiple of {multiple}"


def test_a_damaged_file_fails_and_is_told_of(files: Mapping[str, Path], tmp_path: Path) -> None:
    # A download that lacks its end: qpdf mends what there is, the validator refuses it.
    damaged = tmp_path / "damaged.pdf"
    with pikepdf.open(files["digital"]) as pdf:
        whole = io.BytesIO()
        pdf.save(whole, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    damaged.write_bytes(whole.getvalue().rpartition(b"startxref")[0])
    result = CliRunner().invoke(main, ["preflight", "--edition", "digital", str(damaged)])
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "  PDF/UA-1  failed   page-validation\n" in result.output
    assert "the validator can't read the file (PDF parser rejected the input: " in result.output


def test_without_ghostscript_ink_is_not_checked_and_it_is_said(
    files: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    result = preflight(files["print"].read_bytes())
    (skipped,) = (check for check in result.checks if check.outcome is Outcome.SKIPPED)
    assert skipped.name == "total ink"
    assert skipped.findings[0].text.startswith("ghostscript is not installed; Debian: apt install")
    assert not result.failed


def test_what_is_no_pdf_or_of_no_edition_is_refused() -> None:
    with pytest.raises(UnreadablePdfError):
        preflight(b"nothing")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        saved = io.BytesIO()
        pdf.save(saved)
    with pytest.raises(UnknownEditionError):
        preflight(saved.getvalue())


def test_the_command_shows_a_table_and_fails_if_a_file_does(
    files: Mapping[str, Path], tmp_path: Path
) -> None:
    run = CliRunner().invoke
    good = run(main, ["preflight", str(files["digital"])])
    assert good.exit_code == 0
    assert good.output.splitlines()[:3] == [
        f"{files['digital']}: edition 'digital'",
        "  syntax    passed   qpdf",
        "  PDF/UA-1  passed   page-validation: 104 rules",
    ]
    bad = run(main, ["preflight", "--bleed", "5", str(files["print"])])
    assert bad.exit_code == 1
    assert "    the bleed is 3.00, 3.00, 3.00, 3.00 mm, not 5 (pages 1, 2, 3" in bad.output
    assert run(main, ["preflight", "--ink-limit", "100", str(files["print"])]).exit_code == 1
    none = run(main, ["preflight", str(tmp_path / "none.pdf")])
    assert none.exit_code == 1
    assert none.stderr == (
        f"{tmp_path}/none.pdf:1:1: error[unreadable-pdf]: the file can't be checked: No such file"
        " or directory; give a PDF file that reportgen built\n"
    )


def test_the_command_as_json(files: Mapping[str, Path]) -> None:
    result = CliRunner().invoke(main, ["preflight", "--json", *map(str, files.values())])
    assert result.exit_code == 0
    told = json.loads(result.stdout)["files"]
    assert [file["edition"] for file in told] == ["digital", "archive", "print"]
    assert told[1]["rules"] == {"PDF/A-3a": 156, "PDF/UA-1": 104}
    assert all(check["outcome"] == "passed" for file in told for check in file["checks"])


def test_many_bookmarks_are_no_reason_to_give_up() -> None:
    headings = "".join(f"<h2>{number}</h2>" for number in range(1000))
    html = f"<html lang=en><title>x</title><h1>x</h1>{headings}"
    data = HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    checked = preflight(data, Wanted(), "digital")
    texts = [finding.text for check in checked.checks for finding in check.findings]
    assert not [text for text in texts if "can't read the file" in text]
