# ruff: noqa: E501 - lists of what files are made of, a line as long as it takes
"""Case *n* of a seed: files that are nearly right, with one wild spot, and files damaged."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from html import escape
from random import Random
from typing import Any

import yaml

from tests.fuzz.cases import Case, Content, Special, Target
from tests.fuzz.mutate import (
    ODD_NUMBERS,
    ODD_TEXTS,
    PATHS,
    TOKENS,
    kind_of,
    mutated,
    pick,
    times,
)
from tests.fuzz.pdfs import damaged_pdf
from tests.fuzz.seeds import (
    FONT,
    PICTURES,
    PROFILE,
    SECTION,
    TABLE_HEAD,
    Files,
    Seeds,
    packed,
    workbook,
)

Changed = Mapping[str, Content]
Generator = Callable[[Random, Files], Changed]
"""Makes the changed files of a case, from those that are to be changed."""

CATALOG = "locales/fr/LC_MESSAGES/messages.po"


def case(seeds: Seeds, target: Target, seed: int, number: int) -> Case:
    """Give case `number` of a seed."""
    rng = Random(f"{target}:{seed}:{number}")
    generators = GENERATORS[target]
    (generate,) = rng.choices(list(generators), list(generators.values()))
    files = generate(rng, seeds.of(target))
    name = f"{target}-{seed}-{number}-{generate.__name__}"
    return Case(target, name, files, _arguments(target, rng, files))


def _arguments(target: Target, rng: Random, files: Changed) -> tuple[str, ...]:
    if target is Target.IMPORT:
        (table,) = (path for path in files if "/" not in path)
        what = ("figure", "clean-rivers") if "figure" in table else ("commitments",)
        options = (option for option in ("--apply", "--prune") if rng.random() < 0.5)
        return (*what, table, *options)
    if target is Target.BUILD:
        print_needed = PROFILE in files or rng.random() < 0.1
        edition = "print" if print_needed else pick(rng, "digital", "digital", "archive")
        return ("--edition", edition, "--locale", "fr" if CATALOG in files else "en")
    if target is Target.PREFLIGHT:
        (path,) = files
        return (path, *rng.choice(((), (), ("--edition", "digital"), ("--edition", "print"))))
    return ()


def damage(rng: Random, files: Files) -> Changed:
    """Change some bytes of a file or two."""
    paths = rng.sample(sorted(files), rng.choice((1, 1, 1, 2)))
    return {path: mutated(rng, files[path], kind_of(path)) for path in paths}


def replace(rng: Random, files: Files) -> Changed:
    """Put another file, or what is no regular file, in the place of one."""
    path = rng.choice(sorted(files))
    other = rng.choice((files[rng.choice(sorted(files))], b"", rng.randbytes(99)))
    return {path: rng.choice((other, *Special))}


# YAML


def wild_yaml(rng: Random, files: Files) -> Changed:
    """Put a value of another kind somewhere into a YAML file."""
    path = rng.choice(sorted(path for path in files if path.endswith(".yaml")))
    top = yaml.safe_load(files[path])
    node = top
    parents: list[tuple[Any, Any]] = []
    while isinstance(node, (dict, list)) and node and (not parents or rng.random() < 0.75):
        key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
        parents.append((node, key))
        node = node[key]
    if parents:
        holder, key = parents[-1]
        how = rng.random()
        if how < 0.1:
            del holder[key]
        elif how < 0.2 and isinstance(holder, dict):
            holder[_wild_text(rng)[:200]] = node
        elif how < 0.3 and isinstance(holder, list):
            holder.extend([node] * times(rng, 2_000))
        else:
            holder[key] = _wild_value(rng)
    style = rng.choice((None, None, True, False))
    text = yaml.dump(
        top, Dumper=_Dumper, allow_unicode=rng.random() < 0.8, default_flow_style=style
    )
    return {path: text.encode("utf-8", "surrogatepass")}


class _Dumper(yaml.SafeDumper):
    """Writes what it is given, also texts that stand for something else without quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return False


def _wild_value(rng: Random, depth: int = 0) -> Any:
    kind = rng.randrange(12 if depth < 3 else 9)
    if kind < 4:
        return _wild_text(rng)
    if kind == 9:
        return {_wild_text(rng)[:80]: _wild_value(rng, depth + 1) for _ in range(rng.randint(0, 3))}
    if kind == 10:
        return [_wild_value(rng, depth + 1) for _ in range(rng.randint(0, 4))]
    if kind == 11:
        return [_wild_text(rng)[:9]] * times(rng, 3_000)
    return rng.choice(
        (None, True, -1, 0, 2**63, 10**400, 1e308, float("nan"), 0.1, 2024, "", "TODO:")
    )


def _wild_text(rng: Random) -> str:
    token = rng.choice((*ODD_TEXTS, *ODD_NUMBERS, *PATHS, *TOKENS["md"], *TOKENS["yaml"], "x "))
    return token * (1 if rng.random() < 0.7 else min(times(rng), 100_000 // len(token or "x") + 1))


# Markdown


def wild_section(rng: Random, files: Files) -> Changed:
    """Write a section of Markdown of all kinds."""
    title = rng.choice(("Introduction", _inline(rng), '"x"', "[]"))
    blocks = "\n\n".join(_block(rng) for _ in range(rng.randint(1, 6)))
    return {SECTION: f"---\ntitle: {title}\n---\n\n{blocks}\n".encode("utf-8", "surrogatepass")}


def _block(rng: Random) -> str:
    text = _inline(rng)
    kind = rng.randrange(9)
    if kind == 0:
        return "#" * rng.randint(1, 7) + " " + text
    if kind == 1:
        sign = pick(rng, "- ", "* ", "1. ", "0. ", "1) ")
        return "\n".join(sign + _inline(rng) for _ in range(times(rng, 400)))
    if kind == 2:
        depth = times(rng, 1_500)
        return "\n".join("  " * level + "- x" for level in range(depth))
    if kind == 3:
        return pick(rng, "> ", ">" * times(rng, 9_000)) + text
    if kind == 4:
        return pick(rng, "```\n{}\n```", "    {}", "<div>\n{}\n</div>", "|a|\n|-|\n|{}|").format(
            text
        )
    if kind == 5:
        source = rng.choice((*PATHS, *PICTURES, "images/dot.png", "figure:by-year", "figure:x"))
        return f"![{text}]({source})"
    return text


def _inline(rng: Random, depth: int = 0) -> str:
    inner = _inline(rng, depth + 1) if depth < 4 and rng.random() < 0.6 else _word(rng)
    wrap = pick(
        rng, "{}", "{} and", "*{}*", "**{}**", "`{}`", "[{}](network)", "[{}](commitment:CH001)",
        "[{}](https://x.org/)", "![{}](x.png)", "<i>{}</i>", "[{}", "*{}", "{}](", "\\{}", "&{};",
    )  # fmt: skip
    return wrap.replace("{}", inner)


def _word(rng: Random) -> str:
    token = rng.choice((*ODD_TEXTS, *TOKENS["md"], "rivers", "water "))
    return token * (times(rng, 100_000 // len(token)) if rng.random() < 0.2 else 1)


# Tables


def _cell(rng: Random) -> str:
    text = rng.choice(
        (*ODD_TEXTS, *ODD_NUMBERS, *TOKENS["csv"], *TOKENS["md"], "2024", "12,5", "1/2/24")
    )
    return text * (times(rng, 50_000 // len(text)) if rng.random() < 0.05 else 1)


def _records(rng: Random) -> list[list[str]]:
    members = {"CH": "switzerland", "NZ": "New Zealand", "AKL": "auckland"}
    rows = [list(TABLE_HEAD) if rng.random() < 0.9 else ["No.", "Country", "Start", "Name"]]
    for number in range(1, 1 + rng.choice((1, 3, 3, 9, times(rng, 800)))):
        prefix = rng.choice(sorted(members))
        member = members[prefix] if rng.random() < 0.95 else pick(rng, "Aotearoa", "nowhere")
        year, pillar = pick(rng, "2022", "2023", "2024"), pick(rng, "measure", "restore")
        row = [f"{prefix}{number:03}", member, year, pillar, f"Title *{number}*", "A summary."]
        rows.append(row if len(rows[0]) == len(row) else [row[0], member, year, row[4]])
    return _made_wild(rng, rows)


def _figure(rng: Random) -> list[list[str]]:
    rows = [
        ["year", "Clean rivers", *(f"c{n}" for n in range(rng.choice((0, 0, 1, times(rng, 900)))))]
    ]
    rows += [
        [str(2020 + n), *("61.5",) * (len(rows[0]) - 1)] for n in range(rng.choice((1, 4, 90)))
    ]
    return _made_wild(rng, rows)


def _made_wild(rng: Random, rows: list[list[str]]) -> list[list[str]]:
    for _ in range(rng.choice((0, 0, 1, 1, 1, 5))):
        row = rng.choice(rows)
        change = rng.randrange(6)
        if change == 0:
            rows.insert(rng.randint(0, len(rows)), list(row))
        elif change == 1:
            row.extend(_cell(rng) for _ in range(rng.choice((1, 3, 300))))
        elif change == 2 and row:
            row.pop()
        elif row:
            row[rng.randrange(len(row))] = _cell(rng)
    return rows


def _csv(rng: Random, rows: Iterable[Iterable[str]]) -> bytes:
    sign, end = pick(rng, ",", ",", ",", ";", "\t"), pick(rng, "\n", "\r\n", "\r")

    def quoted(cell: str) -> str:
        has_to = any(mark in cell for mark in f'{sign}"\r\n') and rng.random() < 0.95
        return '"' + cell.replace('"', '""') + '"' if has_to else cell

    text = end.join(sign.join(map(quoted, row)) for row in rows) + end
    encoding = pick(rng, *["utf-8"] * 6, "utf-8-sig", "utf-16", "cp1252")
    data = text.encode(encoding, "replace")
    return data if rng.random() < 0.85 else mutated(rng, data, "csv")


def wild_numbers(rng: Random, files: Files) -> Changed:
    """Write a figure's table."""
    path = "content/figures/clean-rivers.csv"
    return {path: _csv(rng, _figure(rng))}


def csv_table(rng: Random, files: Files) -> Changed:
    """Write a CSV table to import, of records or a figure's."""
    if rng.random() < 0.3:
        return {"figure.csv": _csv(rng, _figure(rng))}
    return {"table.csv": _csv(rng, _records(rng))}


_SHEET_MORE = (
    '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
    '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', '<sheetProtection sheet="1"/>',
    '<mergeCells><mergeCell ref="A1:A99999"/></mergeCells>', "<dataValidations><dataValidation/></dataValidations>",
    '<hyperlinks><hyperlink ref="A1" r:id="x"/></hyperlinks>', '<autoFilter ref="A1:F9"/>',
    '<mergeCells><mergeCell ref="B2:A1"/></mergeCells>', '<mergeCells><mergeCell ref="x"/></mergeCells>',
    '<conditionalFormatting sqref="A1:A9"><cfRule type="x"/></conditionalFormatting>',
)  # fmt: skip


def xlsx_table(rng: Random, files: Files) -> Changed:
    """Write a workbook to import, with cells, styles and parts of its own."""
    figure = rng.random() < 0.3
    rows = _figure(rng) if figure else _records(rng)
    for _ in range(rng.choice((0, 1, 3))):
        row = rng.choice(rows)
        if row:
            row[rng.randrange(len(row))] = _xml_cell(rng)
    more = rng.choice(_SHEET_MORE) if rng.random() < 0.3 else ""
    data = workbook(rows, more)
    if rng.random() < 0.4:
        data = _repacked(rng, data)
    elif rng.random() < 0.2:
        data = mutated(rng, data, "xlsx")
    return {"figure.xlsx" if figure else "table.xlsx": data}


def _xml_cell(rng: Random) -> str:
    value = escape(rng.choice((*ODD_NUMBERS, "0.5", "45292", "-700000", "#REF!", "x")))
    kind = rng.choice(("", ' t="n"', ' t="s"', ' t="b"', ' t="e"', ' t="d"', ' t="str"', ' t="zz"'))
    style = rng.choice(("", ' s="1"', ' s="2"', ' s="99"', ' s="-1"'))
    place = rng.choice(("", ' r="A1"', ' r="ZZZ9"', ' r="A1048577"', ' r="B99999"', ' r="1A"'))
    formula = rng.choice(("", "", "", "<f>1+1</f>", '<f t="shared" si="0" ref="A1:A9">A1</f>'))
    return f"<c{place}{kind}{style}>{formula}<v>{value}</v></c>"


def _repacked(rng: Random, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = rng.choice(sorted(parts))
    how = rng.random()
    if how < 0.1:
        del parts[name]
    elif how < 0.4 and "styles" in name:
        code = rng.choice(("[" * times(rng), "0" * times(rng), '"', "%" * 9, "[h]:mm", "\\"))
        parts[name] = parts[name].replace(b"0.0%", escape(code).encode())
    else:
        parts[name] = mutated(rng, parts[name], "svg")
    return packed(parts)


def wild_mapping(rng: Random, files: Files) -> Changed:
    """Import a table by a mapping that is not right."""
    path = "content/import.yaml"
    return {**wild_yaml(rng, {path: files[path]}), **csv_table(rng, files)}


def import_into_other(rng: Random, files: Files) -> Changed:
    """Import a table into content that is unusual."""
    content = {path: data for path, data in files.items() if path.startswith("content/c")}
    return {**damage(rng, content), **csv_table(rng, files)}


# Catalogs


def wild_catalog(rng: Random, files: Files) -> Changed:
    """Change entries of a catalog."""
    entries = files[CATALOG].decode().split("\n\n")
    for _ in range(rng.choice((1, 2, 4))):
        index = rng.randrange(len(entries))
        entry = entries[index]
        token = rng.choice((*TOKENS["po"], *TOKENS["md"], *ODD_TEXTS)) * times(rng, 3_000)
        marks = [at for at, sign in enumerate(entry) if sign == '"'] or [0]
        at = rng.choice(marks) + 1
        value = token.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        entries[index] = entry[:at] + rng.choice((value, value, token)) + entry[at:]
        if rng.random() < 0.2:
            entries.insert(rng.randint(0, len(entries)), entry)
    return {CATALOG: "\n\n".join(entries).encode("utf-8", "surrogatepass")}


# Pictures, fonts, profiles


def wild_drawing(rng: Random, files: Files) -> Changed:
    """Write an SVG picture."""
    body = "".join(_element(rng) for _ in range(rng.choice((1, 2, 5))))
    size = rng.choice(
        ("viewBox='0 0 9 9'", "width='1e9' height='1'", "width='-1'", "viewBox='0 0 0 0'")
    )
    text = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>{body}</svg>'
    return {PICTURES[2]: text.encode("utf-8", "surrogatepass")}


def _element(rng: Random, depth: int = 0) -> str:
    name = pick(
        rng, "g", "path", "rect", "circle", "text", "tspan", "use", "image", "linearGradient", "stop",
        "radialGradient", "pattern", "clipPath", "mask", "marker", "filter", "style", "defs", "line",
        "polygon", "a", "symbol", "svg", "textPath", "foreignObject", "script", "ellipse", "feOffset",
    )  # fmt: skip
    values = (*ODD_NUMBERS, *PATHS, "url(#a)", "#a", "M0 0L9 9", "M" + "1 " * 99, "1", "5%", "reflect",
              "repeat", "rotate(1e30)", "matrix(0 0 0 0 0 0)", "scale(0)", "1,1", "0.001", "currentColor")  # fmt: skip
    attributes = "".join(
        f" {key}='{escape(rng.choice(values), quote=True)}'"
        for key in rng.sample(_SVG_ATTRIBUTES, rng.choice((0, 1, 2, 4)))
    )
    deeper = depth < 4 and rng.random() < 0.5
    inner = (
        "".join(_element(rng, depth + 1) for _ in range(rng.choice((1, 1, 3)))) if deeper else "x"
    )
    return f"<{name}{attributes}>{inner}</{name}>"


_SVG_ATTRIBUTES = (
    "id", "x", "y", "width", "height", "r", "cx", "cy", "d", "points", "fill", "stroke", "href",
    "xlink:href", "transform", "viewBox", "clip-path", "mask", "marker-mid", "filter", "opacity",
    "x1", "x2", "spreadMethod", "gradientTransform", "offset", "stop-color", "font-size", "style",
    "stroke-dasharray", "stroke-width", "preserveAspectRatio", "patternUnits", "display", "rotate",
)  # fmt: skip


def wild_picture(rng: Random, files: Files) -> Changed:
    """Damage a picture, or give a PNG picture a header of its own."""
    path = rng.choice(PICTURES[:2])
    if not path.endswith("png") or rng.random() < 0.5:
        return {path: mutated(rng, files[path], "png")}
    depths, sides = (1, 2, 4, 8, 16, 3), (0, 1, 3, 3, 3, 5_000, 100_000, 2**31)
    width, height = rng.choice(sides), rng.choice(sides)
    head = struct.pack(
        ">IIBBBBB", width, height, rng.choice(depths), rng.randrange(7), 0, 0, rng.randrange(2)
    )
    pixels = zlib.compress(rng.randbytes(min(width * height, 600)))
    chunks = {
        b"IHDR": head,
        b"PLTE": rng.randbytes(9),
        b"tRNS": b"\0",
        b"IDAT": pixels,
        b"IEND": b"",
    }
    for extra in rng.sample((b"iCCP", b"pHYs", b"tEXt", b"acTL", b"eXIf", b"gAMA"), 2):
        chunks = {**chunks, extra: rng.randbytes(rng.choice((0, 9, 99)))}
    if rng.random() < 0.3:
        del chunks[rng.choice(sorted(chunks))]
    return {path: b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks, chunks.values()))}


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def wild_font(rng: Random, files: Files) -> Changed:
    """Damage a font."""
    return {FONT: mutated(rng, files[FONT], "ttf")}


def wild_profile(rng: Random, files: Files) -> Changed:
    """Damage the head and the tags of a printer's profile."""
    data, head = files[PROFILE], rng.choice((128, 400, 4_000))
    report = files["content/report.yaml"].replace(
        b"parts:", b"print:\n  profile: printer.icc\nparts:"
    )
    changed = mutated(rng, data[:head], "icc") + data[head:]
    return {PROFILE: changed, "content/report.yaml": report}


# Style sheets


def wild_style(rng: Random, files: Files) -> Changed:
    """Add rules to a style sheet."""
    path = rng.choice(("styles/report.css", "styles/report.css", "styles/tokens.css"))
    rules = "".join(_rule(rng) for _ in range(rng.choice((1, 1, 2, 5))))
    text = files[path].decode()
    return {path: (text + rules if rng.random() < 0.9 else rules + text).encode("utf-8", "replace")}


def _rule(rng: Random, depth: int = 0) -> str:
    kind = rng.randrange(10) if depth < 3 else 9
    inner = "".join(_declaration(rng) for _ in range(rng.choice((1, 2, 5))))
    if kind == 0:
        return f"@media {pick(rng, 'print', 'all', '(width>0)', 'x', 'not all')} {{ {_rule(rng, depth + 1)} }}\n"
    if kind == 1:
        place = pick(rng, "", ":first", ":left", ":nth(2n+1)", ":blank", "x", ":nth(0n+0)")
        box = pick(rng, "@top-left", "@footnote", "@bottom-right-corner", "@left-middle")
        return f"@page {place} {{ {inner} {box} {{ {_declaration(rng)} }} }}\n"
    if kind == 2:
        return f"@font-face {{ font-family: {pick(rng, 'Dot', 'X', '')}; src: {_css_value(rng)}; {inner} }}\n"
    if kind == 3:
        return f"@counter-style {pick(rng, 'x', 'decimal')} {{ system: {pick(rng, *_SYSTEMS)}; symbols: a b; {inner} }}\n"
    if kind == 4:
        return f"@import url({rng.choice(PATHS)!r});\n"
    if kind == 5:
        return f"{_selector(rng)} {{ {inner} {_rule(rng, depth + 1)} }}\n"
    return f"{_selector(rng)} {{ {inner} }}\n"


_SYSTEMS = ("cyclic", "fixed 5", "additive", "extends x", "extends decimal", "numeric", "symbolic")


def _selector(rng: Random) -> str:
    tail = pick(
        rng, "", "::before", "::after", "::marker", "::first-line", "::first-letter", ":first-child",
        "::footnote-call", ":nth-child(2n+1 of p)", ":not(p)", ":is(p, li)", ":has(p)", "[id]", " > *",
        ":lang(en)", ":root", ":empty", ":not(" * 5 + "p" + ")" * 5, " ~ p", "|p", ":nth-child(-9999999n)",
    )  # fmt: skip
    return (
        pick(
            rng, "*", "p", "html", "body", "h1", "li", "ul", "section", "img", "span", "a", "figure"
        )
        + tail
    )


def _declaration(rng: Random) -> str:
    name = rng.choice(_PROPERTIES)
    value = (
        rng.choice(_VALUES.get(name, ()))
        if name in _VALUES and rng.random() < 0.7
        else _css_value(rng)
    )
    return f"{name}: {value}{pick(rng, ';', ';', ';', ' !important;')} "


def _css_value(rng: Random, depth: int = 0) -> str:
    if depth < 3 and rng.random() < 0.3:
        inner = _css_value(rng, depth + 1)
        return pick(
            rng, "calc({} * 2)", "var(--a, {})", "min({}, 1px)", "{} {}", "{}, {}", "url({})", "attr(id {})",
            "rgb({})", "linear-gradient({}, red)", "repeat(3, {})", "counter({})", "rotate({})", "({})",
            "device-cmyk({})", "repeating-linear-gradient(red, blue {})", "target-counter({}, page)",
        ).replace("{}", inner)  # fmt: skip
    if rng.random() < 0.1:
        return rng.choice(ODD_NUMBERS) + pick(rng, "", "px", "%", "em", "deg", "fr")
    return pick(
        rng, "0", "1px", "-1px", "50%", "1e9px", "1e-9pt", "100vw", "1fr", "auto", "none", "inherit",
        "initial", "red", "#12345", "var(--a)", "var(--ink)", "'x'", '"\\a"', "normal", "absolute", "1turn",
        "content()", "attr(class)", "min-content", "transparent", "999999", "0.001", "url(fonts/dot.ttf)",
        "url(../content/images/dot.png)", "url(../content/images/dot.svg)", "url(data:image/png;base64,AAAA)",
        "local(Dot)", "1e30deg", "-1e5mm", "row", "wavy", "underline", "start", "always", "u+0-10ffff",
    )  # fmt: skip


_PROPERTIES = (
    "--a", "--ink", "--ink-cmyk", "display", "float", "position", "content", "width", "height", "margin",
    "padding", "font", "font-size", "font-family", "font-feature-settings", "line-height", "columns",
    "column-gap", "grid-template-columns", "grid-row", "grid-area", "grid-auto-rows", "flex", "flex-flow",
    "order", "transform", "background", "background-image", "background-size", "border", "border-radius",
    "border-image", "outline", "text-decoration", "text-indent", "letter-spacing", "word-spacing",
    "hyphens", "hyphenate-limit-chars", "hyphenate-limit-zone", "orphans", "widows", "break-before",
    "break-inside", "counter-reset", "counter-increment", "string-set", "bookmark-level",
    "bookmark-label", "footnote-display", "page", "size", "bleed", "marks", "opacity", "overflow",
    "z-index", "top", "inset", "clip", "vertical-align", "white-space", "text-align", "table-layout",
    "border-collapse", "border-spacing", "list-style", "quotes", "image-resolution", "object-fit",
    "tab-size", "direction", "visibility", "anchor", "link", "lang", "max-lines", "color", "appearance",
    "text-overflow", "block-ellipsis", "box-decoration-break", "margin-break", "min-height", "max-width",
    "aspect-ratio", "gap", "justify-content", "align-items", "transform-origin", "box-sizing",
)  # fmt: skip

_VALUES: Mapping[str, tuple[str, ...]] = {
    "display": (
        "block", "inline", "grid", "inline-grid", "flex", "inline-flex", "table", "table-cell", "list-item",
        "table-row", "contents", "flow-root", "table-column", "inline-table", "inline-block", "table-caption",
    ),
    "float": ("left", "right", "footnote", "none", "inline-start"),
    "position": ("absolute", "fixed", "relative", "running(a)", "static"),
    "content": ("element(a)", "counters(page, '.')", "open-quote", "leader('.')", "string(report)", "target-text(attr(href))"),
    "grid-template-columns": ("repeat(99, 1fr)", "[a] 1fr [b]", "repeat(auto-fill, 1px)", "minmax(1px, 1fr) auto"),
    "grid-row": ("span 99", "99", "-99", "a / b", "1 / -1"),
    "columns": ("2", "99 1px", "1e5", "auto 0"),
    "transform": ("scale(0) rotate(1e30deg)", "matrix(0,0,0,0,0,0)", "skew(90deg)", "translate(1e9px)"),
    "text-decoration": ("underline wavy 0.01px red", "line-through double 99px", "overline dotted"),
    "break-before": ("page", "left", "recto", "column", "avoid"),
    "page": ("x", "y", "auto"),
    "size": ("1px 1px", "A4 landscape", "0 0", "1e9mm 1mm", "A9", "3mm"),
    "background": ("url(../content/images/dot.png) 0 0 / 1px", "repeating-linear-gradient(red, blue 1px)", "radial-gradient(red, blue)"),
    "bookmark-level": ("1", "99", "none", "-1"),
    "appearance": ("auto", "none"),
}  # fmt: skip


# Templates


def wild_template(rng: Random, files: Files) -> Changed:
    """Put statements and elements into a template."""
    path = rng.choice(sorted(path for path in files if path.endswith(".j2")))
    text = files[path].decode()
    spots = [
        at for at, sign in enumerate(text) if sign == "\n" or text.startswith(("{%", "{{"), at)
    ]
    at = rng.choice(spots)
    made = "".join(_statement(rng) for _ in range(rng.choice((1, 1, 2, 4))))
    return {path: (text[:at] + made + text[at:]).encode("utf-8", "surrogatepass")}


def _statement(rng: Random, depth: int = 0) -> str:
    inner = _statement(rng, depth + 1) if depth < 4 and rng.random() < 0.6 else "x"
    value, element = _expression(rng), rng.choice(_ELEMENTS)
    if rng.random() < 0.4:
        attribute = pick(
            rng, "", " style='{}'", " id='{}'", " class='{}'", " lang='{}'", " href='{}'", " colspan='{}'", " rowspan='{}'",
            " src='{}'", " rel='attachment' href='{}'", " rel='stylesheet' href='{}'", " type='{}'", " span='{}'",
        ).format(rng.choice((*ODD_NUMBERS, *PATHS, *ODD_TEXTS, f"{{{{ {value} }}}}", _declaration(rng))))  # fmt: skip
        return f"<{element}{attribute}>{inner}</{element}>"
    return pick(
        rng, "{{ ¤ }}", "{{ ¤ }}", "{% do ¤ %}", "{% set y = ¤ %}{{ y }}", "{% if ¤ %}§{% endif %}",
        "{% for z in ¤ %}§{% endfor %}", "{% for z in ¤ recursive %}{{ loop(¤) }}{% endfor %}",
        "{% macro m(a=¤) %}§{% endmacro %}{{ m() }}", "{% filter upper %}§{% endfilter %}",
        "{% include ¤ %}", "{% import ¤ as i %}{{ i }}", "{% trans a=¤ %}{{ a }}{% endtrans %}",
        "{% with b=¤ %}§{% endwith %}", "{% autoescape false %}{{ ¤ }}{% endautoescape %}",
        "{% call(c) m() %}§{% endcall %}", "{% set ns = namespace(a=¤) %}{% set ns.a = 1 %}",
    ).replace("¤", value).replace("§", inner)  # fmt: skip


def _expression(rng: Random, depth: int = 0) -> str:
    if depth < 5 and rng.random() < 0.75:
        inner = _expression(rng, depth + 1)
        if rng.random() < 0.5:
            called = pick(
                rng, "", "", "()", "({})", "('../canary/made')", "(b=1)", "(*[1])", "('w', 'x')"
            )
            return f"{inner}.{rng.choice(_ATTRIBUTES)}{called.format(_expression(rng, depth + 3))}"
        return pick(
            rng, "{}|string", "{}|list", "{}|prose", "{}|plain", "{}|safe", "{}|length", "{}|tojson", "{}|attr('id')",
            "{}|map(attribute='title')|list", "{}|join('x')", "{}|sort", "{}|batch(3)|list", "{}|center(999)",
            "{}|replace('a', 'b' * 99)", "{}|format(1)", "{}|int", "{}|indent(9)", "{}|wordwrap(1)", "{}|xmlattr",
            "{}|urlize", "{}|pprint", "{}|groupby('x')", "{}|round(99)", "{}|random", "{}|default(1)", "{} ~ {}",
            "{} * 999", "{} ** 9", "{} % {}", "{}[0]", "{}['x']", "{}[::-1]", "-{}", "{} in {}", "{} is mapping",
            "({}, {})", "[{}]", "{'a': {}}", "{} if {} else 1", "draw({}, 9)", "page_of({})", "gettext({})",
            "anchor.section({})", "grouped({})", "locale.number({})", "self.main()", "super()", "{}|filesizeformat",
        ).replace("{}", inner)  # fmt: skip
    return pick(
        rng, "report", "report", "locale", "part", "contents", "figures", "draw", "page_of", "anchor", "self",
        "range(9)", "lipsum(1)", "cycler(1)", "joiner()", "namespace()", "dict()", "caller", "loop", "x", "1", "'a'",
        "none", "''", "'{0.__class__}'", "'%s%s'", "1e308", "0", "'x' * 9999", "report.print", "report.commitments[0]",
        "report.title", "part.sections[0].blocks[0]", "gettext", "grouped", "member_name", "9 ** 999", "varargs",
    )  # fmt: skip


_ATTRIBUTES = (
    "__class__", "__init__", "__globals__", "__mro__", "__subclasses__", "__dict__", "__reduce__", "format",
    "format_map", "mro", "parse_raw", "parse_file", "model_dump", "copy", "construct", "from_orm", "json",
    "dict", "open", "read", "write_text", "environment", "_environment", "cache_clear", "__wrapped__", "f_back",
    "gi_frame", "title", "sections", "commitments", "print", "imprint", "closing", "span", "path", "encode",
    "translate", "tag", "find", "number", "month", "date", "root", "__call__", "__self__", "__func__", "join",
)  # fmt: skip

_ELEMENTS = (
    "p", "div", "table", "td", "tr", "col", "li", "ol", "a", "img", "input", "select", "svg", "style", "link", "base",
    "meta", "object", "embed", "iframe", "script", "h1", "h9", "title", "html", "body", "textarea", "caption", "button",
    "picture", "math", "template", "details", "br", "span", "form", "th", "dl", "video", "optgroup", "x:y",
)  # fmt: skip


def attack(rng: Random, files: Files) -> Changed:
    """Have a template call what would leave a trace outside of the project."""
    made = "../canary/made"
    pickled = f"cposix\\nsystem\\n(S'touch {made}'\\ntR."
    way = pick(
        rng,
        "report",
        "report.print",
        "report.imprint",
        "part",
        "locale",
        "report.commitments[0]",
        "contents[0]",
    )
    call = pick(
        rng, f'parse_raw("{pickled}", content_type="pickle", allow_pickle=true)', f"parse_file('{made}')",
        f"__init__.__globals__['__builtins__'].open('{made}', 'w')", f"span.path.write_text('{made}')",
        f"copy.__globals__.os.system('touch {made}')", "__class__.__mro__[1].__subclasses__()",
    )  # fmt: skip
    reach = pick(
        rng,
        f"{way}.{call}",
        f"({way}|attr('{call.split('(')[0].split('.')[0]}'))",
        f"'{{0.{call[:9]}}}'.format({way})",
    )
    path = "templates/parts/cover.html.j2"
    text = files[path].replace(b"<h1>", f"{{% do {reach} %}}{{{{ {reach} }}}}<h1>".encode())
    return {path: text}


def pdf(rng: Random, files: Files) -> Changed:
    """Damage a PDF file: its objects, or its bytes."""
    return {"file.pdf": damaged_pdf(rng, files)}


GENERATORS: Mapping[Target, Mapping[Generator, int]] = {
    Target.CHECK: {
        damage: 30, wild_yaml: 25, wild_section: 14, wild_catalog: 12, wild_numbers: 6, wild_picture: 4,
        wild_drawing: 3, replace: 4, wild_profile: 2,
    },
    Target.IMPORT: {csv_table: 45, xlsx_table: 45, wild_mapping: 5, import_into_other: 5},
    Target.BUILD: {
        wild_style: 30, wild_template: 25, damage: 12, wild_drawing: 8, wild_picture: 5, wild_font: 5,
        wild_profile: 2, wild_section: 4, wild_catalog: 2, wild_yaml: 3, replace: 2, attack: 2,
    },
    Target.PREFLIGHT: {pdf: 1},
}  # fmt: skip
