"""New entries and files of a report, filled in as far as can be known.

What only an editor knows says ``TODO:`` and what is wanted; `reportgen check` tells each such
place. Entries are put into a file as text, so that nothing else in it changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from babel import Locale as Cldr

from reportgen.editing.schemas import has_schemas, schema_comment
from reportgen.model.files import CONTENT, ContentFiles, read_content
from reportgen.model.rules import is_country
from reportgen.model.schema import ChartKind, CommitmentRules, Count, is_name
from reportgen.project import Project, write_atomically
from reportgen.source.diagnostics import Diagnostic, Diagnostics, did_you_mean, has_errors, listed
from reportgen.source.markdown import FENCE
from reportgen.source.yaml import Document, parse_yaml, read_yaml
from reportgen.source.yaml_writing import insert_below, is_flow

MEMBERS = CONTENT / "members.yaml"


class NewEntryError(Exception):
    """Such an entry can't be made: the message says why, and what to do."""


class BrokenContentError(Exception):
    """Files that can't be read as they are: nothing is added to them."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__("the content has errors")


@dataclass(frozen=True)
class Made:
    """A new entry: what it is, and the line of its file at which it begins, from 1."""

    what: str
    path: PurePosixPath
    line: int = 1


def new_commitment(
    project: Project,
    member: str,
    *,
    id_: str | None = None,
    year: int | None = None,
    pillar: str | None = None,
) -> Made:
    """Add a record to a member's file, which is made if there is none.

    Raises:
        NewEntryError: there is no such member or pillar, or the id is taken.
        BrokenContentError: the content can't be read.
        OSError: the file can't be written.
    """
    files = _read(project)
    if files.report is None or not files.pillars:
        raise NewEntryError(f"there is no pillar yet; add one to {CONTENT}/pillars.yaml")
    _expect("member", member, files.members)
    if pillar is not None:
        _expect("pillar", pillar, files.pillars)
    rules = files.report.form.commitments
    form = files.members[member].form
    prefix = form.id_prefix or form.code
    first, last = rules.years
    if year is not None and not first <= year <= last:
        raise NewEntryError(f"the year {year} is not between {first} and {last}")
    taken = {commitment.form.id for _, commitment in files.commitments}
    if id_ is not None and not _id_form(rules, prefix).fullmatch(id_):
        form_of_id = rules.id_form.replace("{prefix}", prefix)
        raise NewEntryError(f"'{id_}' has not the form of an id of '{member}': {form_of_id}")
    if id_ in taken:
        raise NewEntryError(f"the id '{id_}' is taken; leave --id out, or give another one")
    found = id_ or _free_id(rules, prefix, taken)
    record = [
        f"- id: {found}" + ("" if id_ else " # TODO: the id as published; this one is free"),
        f"  year: {year or last}" + ("" if year else f" # TODO: from {first} to {last}"),
        f"  pillar: {pillar or next(iter(files.pillars))}"
        + ("" if pillar else f" # TODO: one of {listed(files.pillars)}"),
        "  title: >-",
        "    TODO: the title as published",
        "  summary: >-",
        "    TODO: what was promised, in one paragraph",
    ]
    path = CONTENT / "commitments" / f"{member}.yaml"
    what = f"the commitment {found} of {member}"
    indented = [f"  {line}" for line in record]
    if not project.is_file(path):
        first_line = _write_yaml(project, path, [f"member: {member}", "commitments:", *indented])
        return Made(what, path, first_line + 2)
    document = _document(project, path)
    if is_flow(document) or is_flow(document, "commitments"):
        raise NewEntryError(f"the records of {path} are in brackets; write each behind a '- '")
    line = document.text.split("\n")[document.values[("commitments", 0)][0] - 1]
    margin = line[: len(line) - len(line.lstrip())]
    text = insert_below(document, ("commitments",), [margin + line for line in record])
    return _extend(
        project,
        document,
        text,
        Made(what, path),
        lambda value: {**value, "commitments": value["commitments"][:-1]},
    )


def new_member(
    project: Project,
    name: str,
    *,
    code: str | None = None,
    region: str | None = None,
    id_prefix: str | None = None,
) -> Made:
    """Add a country or a local member to the members' file, in the order that it has.

    A country's code is found by its name, if `name` is the English one, and its name by the code.

    Raises:
        NewEntryError: there is such a member, it isn't clear which country it is, or there is no
            such region.
        BrokenContentError: the content can't be read.
        OSError: the file can't be written.
    """
    files = _read(project)
    _expect_name(name)
    if files.report is None or not files.regions:
        raise NewEntryError(f"there is no region yet; add one to {CONTENT}/regions.yaml")
    if name in files.members:
        raise NewEntryError(f"the member '{name}' is there already, in {MEMBERS}")
    if region is not None:
        _expect("region", region, files.regions)
    code = code or _country_called(name)
    if code is None:
        raise NewEntryError(
            f"no country is called '{name}' in English; give its ISO 3166 code,"
            " such as --code KE, or --code US-TX for a local member"
        )
    if not re.fullmatch("[A-Z]{2}(-[A-Z0-9]{1,3})?", code):
        raise NewEntryError(f"'{code}' is not an ISO 3166 code, such as KE or US-TX")
    if id_prefix is not None and not re.fullmatch("[A-Z]{2,4}", id_prefix):
        raise NewEntryError(f"'{id_prefix}' is not a prefix of ids: two to four capital letters")
    owners = {m.form.id_prefix or m.form.code: key for key, m in files.members.items()}
    country, dash, _ = code.partition("-")
    prefix = id_prefix or (_free_prefix(name, owners) if dash else code)
    if prefix in owners:
        raise NewEntryError(
            f"the ids of '{owners[prefix]}' begin with '{prefix}' already; give another --id-prefix"
        )
    if not is_country(country):
        raise NewEntryError(f"'{country}' is not the code of a country (ISO 3166-1)")
    entry = [f"{name}:"]
    if dash:
        entry += [
            f"  name: {name.replace('-', ' ').title()} # TODO: the place as printed",
            f'  code: "{code}"',
        ]
    else:
        printed = Cldr.parse(files.report.form.language, sep="-").territories[country]
        entry += [f"  name: {printed}", f'  code: "{code}"']
    entry.append(
        f"  region: {region or next(iter(files.regions))}"
        + ("" if region else f" # TODO: one of {listed(files.regions)}")
    )
    if dash:
        told = "" if id_prefix else " # TODO: what the ids of its commitments begin with"
        entry += [
            f'  parent: "{country}"',
            f'  id_prefix: "{prefix}"{told}',
            "  # TODO: location: [latitude, longitude], for a dot on the map",
        ]
    elif id_prefix:
        entry.append(f'  id_prefix: "{prefix}"')
    document = _document(project, MEMBERS)
    text = _with_entry(document, name, entry)
    return _extend(
        project,
        document,
        text,
        Made(f"the member {name}", MEMBERS),
        lambda value: {key: entry for key, entry in value.items() if key != name},
    )


def new_section(project: Project, name: str) -> Made:
    """Make a section of running text.

    Raises:
        NewEntryError: there is one with that name, or it is not a name.
        OSError: the file can't be written.
    """
    _expect_name(name)
    path = CONTENT / "sections" / f"{name}.md"
    _expect_none(project, path)
    lines = [
        FENCE,
        "title: >-",
        "  TODO: the heading of the section",
        "# Take the # away from a line to use it.",
        "# editorial: true   this edition added the section, and the page says so",
        "# setting: lead     larger type, for a short section on a page of its own",
        FENCE,
        "",
        "TODO: the text, with an empty line between paragraphs",
    ]
    _write(project, path, lines)
    return Made(f"the section {name}", path)


def new_figure(
    project: Project, name: str, kind: ChartKind, count: Count | None = None
) -> tuple[Made, ...]:
    """Make a figure: of records that are counted, or else of numbers, whose file is made as well.

    Raises:
        NewEntryError: there is one with that name, it is not a name, or a map is to count anything
            but members.
        OSError: a file can't be written.
    """
    _expect_name(name)
    if count is None and kind is ChartKind.MAP:
        count = Count.MEMBER
    if (kind is ChartKind.MAP) is not (count is Count.MEMBER):
        raise NewEntryError(
            "a map counts members, and members are counted on a map: give --kind map"
            " without --count, or count by year, pillar or region"
        )
    path, table = (CONTENT / "figures" / f"{name}{ending}" for ending in (".yaml", ".csv"))
    _expect_none(project, path)
    made = [Made(f"the figure {name}", path)]
    if count is None and not project.is_file(table):
        # A first line without rows is what says that the numbers are still to come.
        _write(project, table, ["group,number"])
        made.append(Made("its numbers", table))
    lines = [
        "title: >-",
        "  TODO: the title of the figure",
        f"kind: {kind}",
        f"count: {count} # what the records are counted by" if count else f"data: {table.name}",
        *([] if count else ["unit: number # or percent: 12.5 is 12.5 %"]),
        "axis: >-",
        "  TODO: what the numbers are, in a few words",
        "alt: >-",
        "  TODO: what the drawing shows, for a reader who can't see it; its numbers are added",
        "caption: >-",
        "  TODO: the line under the figure, or no caption",
    ]
    _write_yaml(project, path, lines)
    return tuple(made)


def _read(project: Project) -> ContentFiles:
    diagnostics = Diagnostics()
    files = read_content(project, diagnostics)
    if has_errors(diagnostics.sorted()):
        raise BrokenContentError(diagnostics.sorted())
    return files


def _document(project: Project, path: PurePosixPath) -> Document:
    diagnostics = Diagnostics()
    document = read_yaml(project, path, diagnostics)
    if document is None:
        raise BrokenContentError(diagnostics.sorted())
    return document


def _expect(kind: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        otherwise = f"there are: {listed(known)}" if known else f"add a {kind} first"
        raise NewEntryError(f"there is no {kind} '{name}'; {did_you_mean(name, known, otherwise)}")


def _expect_name(name: str) -> None:
    if not is_name(name):
        raise NewEntryError(
            f"'{name}' is not a name: write lower-case letters and digits with single hyphens"
            f" between, such as '{_name_of(name) or 'my-name'}'"
        )


def _expect_none(project: Project, path: PurePosixPath) -> None:
    if project.is_file(path):
        raise NewEntryError(f"{path} is there already; give another name, or edit it")


def _name_of(text: str) -> str:
    """Give a text as a name: 'Côte d’Ivoire' is 'cote-d-ivoire'."""
    signs = (s for s in unicodedata.normalize("NFKD", text) if not unicodedata.combining(s))
    return re.sub("[^a-z0-9]+", "-", "".join(signs).lower()).strip("-")


def _country_called(name: str) -> str | None:
    """Give the code of the country whose English name is that one."""
    countries = Cldr("en").territories.items()
    return next(
        (c for c, printed in countries if is_country(c) and _name_of(printed) == name), None
    )


def _id_form(rules: CommitmentRules, prefix: str) -> re.Pattern[str]:
    """Give the form of a member's ids, with a group for each digit."""
    form = re.escape(rules.id_form.removeprefix("{prefix}"))
    return re.compile(re.escape(prefix) + form.replace("0", "([0-9])"))


def _free_id(rules: CommitmentRules, prefix: str, taken: Collection[str]) -> str:
    """Give the id behind a member's highest one, or else the first that is free."""
    form, ids = rules.id_form.removeprefix("{prefix}"), _id_form(rules, prefix)
    numbers = {int("".join(match.groups())) for id_ in taken if (match := ids.fullmatch(id_))}
    end = 10 ** form.count("0")
    behind = max(numbers, default=0) + 1
    free = behind if behind < end else next((n for n in range(1, end) if n not in numbers), None)
    if free is None:
        raise NewEntryError(f"all ids of the form {prefix}{form} are taken; widen the id_form")
    digits = iter(f"{free:0{form.count('0')}}")
    return prefix + re.sub("0", lambda _: next(digits), form)


def _free_prefix(name: str, owners: dict[str, str]) -> str:
    """Give letters of a name as a prefix of ids that no member has."""
    letters = re.sub("[^A-Z]", "", name.upper())
    found = (letters[: length or 3] for length in (3, 4, 2))
    return next((p for p in found if len(p) > 1 and p not in owners), "XXXX")


def _with_entry(document: Document, name: str, entry: list[str]) -> str:
    """Give the text of a file of entries with a new one: among them, if they are in order."""
    if document.value is None:
        return "\n".join([document.text.rstrip("\n"), *entry, ""]).lstrip("\n")
    if is_flow(document):
        raise NewEntryError(
            f"the entries of {document.path} are in brackets; write each below a key"
        )
    keys = list(document.value)
    before = [key for key in keys if key < name] if keys == sorted(keys) else keys
    lines = document.text.split("\n")
    is_apart = len(keys) > 1 and not all(
        lines[document.keys[(key,)][0] - 2].strip() for key in keys[1:]
    )
    if before:
        return insert_below(document, (before[-1],), [""] * is_apart + entry)
    first = document.keys[(keys[0],)][0]
    return "\n".join([*lines[: first - 1], *entry, *[""] * is_apart, *lines[first - 1 :]])


def _extend(
    project: Project,
    document: Document,
    text: str,
    made: Made,
    without: Callable[[Any], object],
) -> Made:
    """Write a file that has a new entry, and tell the line at which that begins.

    Without the entry, the file must say what it said before.
    """
    after = parse_yaml(text, document.path, Diagnostics())
    if after is None or without(after.value) != (document.value or {}):
        raise NewEntryError(f"the entry doesn't fit the form of {document.path}; add it by hand")
    _write(project, document.path, text.rstrip("\n").split("\n"))
    pairs = zip(text.split("\n"), [*document.text.split("\n"), None], strict=False)
    return replace(made, line=next(n for n, (new, old) in enumerate(pairs, 1) if new != old))


def _write_yaml(project: Project, path: PurePosixPath, lines: list[str]) -> int:
    """Write a new YAML file below the comment that names its schema, and give its first line."""
    comment = schema_comment(path) if has_schemas(project) else None
    _write(project, path, [*([comment] if comment else []), *lines])
    return 2 if comment else 1


def _write(project: Project, path: PurePosixPath, lines: list[str]) -> None:
    write_atomically(project.resolve(path), "\n".join([*lines, ""]).encode())
