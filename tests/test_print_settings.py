"""What `print` in content/report.yaml asks for, and what comes of it."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageCms

from reportgen.build.start import start_project
from tests.conftest import Workspace
from tests.test_inks import PROFILE


def asking(workspace: Workspace, *lines: str) -> Workspace:
    text = "".join(f"  {line}\n" for line in lines)
    workspace.edit("content/report.yaml", ("\nparts:\n", f"\nprint:\n{text}\nparts:\n"))
    return workspace


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("bleed: 50", "error[invalid-value]: 'bleed' is more than 20; correct it"),
        ("bleed: 3mm", "error[wrong-type]: 'bleed' is not a number but '3mm'; write digits and a"),
        ("ink_limit: 60", "error[invalid-value]: 'ink_limit' is less than 100; correct it"),
        (
            "colors: grey",
            "error[invalid-value]: 'grey' is not a value for 'colors'; did you mean 'gray'?",
        ),
        ("pages_multiple_of: 0", "error[invalid-value]: 'pages_multiple_of' is less than 1;"),
        (
            "recto: [indx]",
            "error[invalid-value]: 'indx' is not a value for item 1 of 'recto'; did you mean",
        ),
        (
            "profile: none.icc",
            (
                "error[missing-file]: there is no file 'content/none.icc' in the project; put the"
                " printer's ICC profile there, or correct its name"
            ),
        ),
        (
            "profile: ../../none.icc",
            "error[missing-file]: there is no file 'content/../../none.icc' in the project;",
        ),
        (
            "profile: report.yaml",
            (
                "error[unusable-profile]: 'content/report.yaml' is not an ICC profile; ask the"
                " printer for the ICC profile of the press and the paper"
            ),
        ),
        (
            "profile: screen.icc",
            (
                "error[unusable-profile]: 'content/screen.icc' is a profile of RGB and of the class"
                " 'mntr', not of printing in CMYK;"
            ),
        ),
    ],
)
def test_a_wrong_setting_is_told_at_its_place(
    workspace: Workspace, line: str, message: str
) -> None:
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    workspace.edit("content/screen.icc", screen)
    first, *_ = asking(workspace, line).check().splitlines()
    assert first.startswith("content/report.yaml:")
    assert message in first


@pytest.fixture
def report(tmp_path: Path) -> Workspace:
    """The starter, with two pictures of the screen in it."""
    root = tmp_path / "report"
    start_project(root)
    made = Workspace(root)
    for name, mode, color in (("a.png", "RGBA", (200, 30, 40, 128)), ("b.jpg", "RGB", (9, 99, 9))):
        file = io.BytesIO()
        Image.new(mode, (400, 400), color).save(file, name[-3:].replace("jpg", "jpeg"))
        made.edit(f"content/images/{name}", file.getvalue())
    made.append(
        "content/sections/introduction.md", "\n![Red](images/a.png)\n\n![G](images/b.jpg)\n"
    )
    return made


def pictures(workspace: Workspace) -> tuple[list[pikepdf.Stream], pikepdf.Pdf]:
    (path,) = (workspace.root / "out").glob("*.print.pdf")
    pdf = pikepdf.open(path)
    found = [
        entry
        for entry in pdf.objects
        if isinstance(entry, pikepdf.Stream)
        and entry.get("/Subtype") == "/Image"
        and entry.get("/ColorSpace") is not None
    ]
    return found, pdf


@pytest.mark.slow
def test_pictures_are_put_in_ink_and_a_coarse_one_is_told(report: Workspace) -> None:
    asking(report, "bleed: 5", "profile: own.icc", "condition: Our press", "recto: [index]")
    report.edit("content/own.icc", PROFILE)
    result = report.run("build", "--edition", "print")
    assert result.exit_code == 0, result.output
    (line,) = (line for line in result.stderr.splitlines() if "[preflight]" in line)
    assert line.startswith(
        "content/sections/introduction.md:17:1: warning[preflight]: pictures: a picture has 96"
        " pixels an inch (clear-rivers.en.print.pdf, page "
    )
    assert line.endswith("), and 1 more place; look at it, or put a better one in its place")
    found, pdf = pictures(report)
    with pdf:
        spaces = sorted(str(picture.ColorSpace) for picture in found)
        assert spaces == ["/DeviceCMYK", "/DeviceCMYK", "/DeviceGray"]
        (masked,) = (picture for picture in found if "/SMask" in picture)
        assert set(masked.SMask.read_bytes()) == {128}
        assert len(masked.read_bytes()) == 4 * 400 * 400
        (intent,) = pdf.Root.OutputIntents
        assert str(intent.OutputConditionIdentifier) == "Our press"
        bleed = [float(value) for value in pdf.pages[0].obj.BleedBox]
        assert bleed[0] == pytest.approx(-5 * 72 / 25.4)


@pytest.mark.slow
def test_in_grey_only_the_marks_have_other_inks(report: Workspace) -> None:
    asking(report, "colors: gray", "pages_multiple_of: 8")
    result = report.run("build", "--edition", "print")
    assert result.exit_code == 0, result.output
    found, pdf = pictures(report)
    with pdf:
        assert {str(picture.ColorSpace) for picture in found} == {"/DeviceGray"}
        assert len(pdf.pages) % 8 == 0
        for page in pdf.pages:
            (marks, painted) = page.obj.Contents
            assert b"1 1 1 1 K" in marks.read_bytes() or b"1 1 1 1 SCN" in marks.read_bytes()
            for instruction in pikepdf.parse_content_stream(painted):
                operator, operands = str(instruction.operator), list(instruction.operands)
                if operator in ("k", "K", "scn", "SCN") and len(operands) == 4:
                    assert not any(float(value) for value in operands[:3])
                assert operator not in ("rg", "RG")


def test_a_proof_is_of_paper(workspace: Workspace) -> None:
    result = workspace.run("build", "--proof")
    assert result.exit_code == 2
    assert "--proof shows the print edition: add --edition print" in result.stderr
