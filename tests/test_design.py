"""The design system: colours that can be read, and style sheets that keep its rules."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from coloraide import Color

from reportgen.source.tokens import read_tokens

ROOT = Path(__file__).parents[1]
STYLES = sorted((ROOT / "styles").rglob("*.css"))
TOKENS = read_tokens((ROOT / "styles/tokens.css").read_text(encoding="utf-8"))
PILLARS = sorted({name.split("-")[1] for name in TOKENS if name.startswith("pillar-")})

TEXT_ON_GROUND = [
    ("ink", "paper"),
    ("ink", "paper-warm"),
    ("ink-quiet", "paper"),
    ("ink-quiet", "gap-ground"),
    ("ink", "gap-ground"),
    ("link", "paper"),
    ("brand", "paper-warm"),
    ("change", "paper"),
    ("ink-reversed", "brand"),
    *((f"pillar-{n}-on-ground", f"pillar-{n}-ground") for n in PILLARS),
    *((f"pillar-{n}-mark", "paper") for n in PILLARS),
    *(("ink", f"pillar-{n}-tint") for n in PILLARS),
]


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5:1 for text of any size."""
    assert Color(TOKENS[text]).contrast(TOKENS[ground], method="wcag21") >= 4.5


def test_the_pillars_of_the_report_differ_in_lightness() -> None:
    lightness = sorted(Color(TOKENS[f"pillar-{n}-ground"]).convert("lch")["l"] for n in "123")
    assert all(b - a >= 15 for a, b in pairwise(lightness)), lightness


COLOR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab|device-cmyk)a?\(", re.IGNORECASE)
PHYSICAL = re.compile(
    r"^\s*(?:margin|padding|border)-(?:left|right|top|bottom)\b|^\s*(?:left|right|top|bottom):"
    r"|(?:float|text-align|clear):\s*(?:left|right)\b",
    re.MULTILINE,
)


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_style_sheets_have_no_literal_colour_or_font(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    if path.name != "tokens.css":
        assert not COLOR.findall(css)
        if path.name != "fonts.css":
            assert 'font-family: "' not in css
            assert all("var(" in family for family in re.findall(r"font-family:\s*([^;]+);", css))


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_style_sheets_use_logical_properties(path: Path) -> None:
    assert not PHYSICAL.findall(path.read_text(encoding="utf-8"))


def test_every_token_that_is_used_is_defined_and_every_other_is_gone() -> None:
    css = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    used = set(re.findall(r"var\(--([\w-]+)", css))
    templates = "\n".join(p.read_text("utf-8") for p in (ROOT / "templates").rglob("*.j2"))
    local = set(re.findall(r"--([\w-]+):", css + templates))
    assert used <= local
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    patterns = ("pillar-", "chart-")
    # What a colour is printed in is read by the toolkit, by its name's end.
    inks = {name for name in TOKENS if name.endswith("-cmyk")}
    unused = {name for name in set(TOKENS) - used - inks if f'"{name}"' not in code}
    assert not {name for name in unused if not name.startswith(patterns)}


def test_every_colour_has_its_ink_and_text_is_black_ink_alone() -> None:
    colours = {name for name, value in TOKENS.items() if value.startswith("#")}
    named = {name for name in colours if f"{name}-cmyk" in TOKENS}
    assert {TOKENS[name] for name in colours - named} <= {TOKENS[name] for name in named}
    for name in ("ink", "ink-quiet"):
        assert re.fullmatch(r"device-cmyk\(0% 0% 0% \d+%\)", TOKENS[f"{name}-cmyk"])


def test_tokens_resolve_each_other() -> None:
    css = ":root { --a: #123456; --b: var(--a); --c: 1pt solid var(--b) } .x { --d: red }"
    assert dict(read_tokens(css)) == {"a": "#123456", "b": "#123456", "c": "1pt solid #123456"}


def test_tokens_that_name_each_other_in_a_circle_end() -> None:
    assert set(read_tokens(":root { --a: var(--b); --b: var(--a) }")) == {"a", "b"}
