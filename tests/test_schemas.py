"""JSON Schemas: up to date, and of one mind with the forms that `reportgen check` has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import TypeAdapter, ValidationError

from reportgen.editing.schemas import (
    _FILES,
    SCHEMA_COMMENT,
    json_schema,
    schema_comment,
    schema_files,
    schema_path,
)
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics
from reportgen.source.markdown import read_markdown
from reportgen.source.yaml import parse_yaml, read_yaml
from tests.conftest import Workspace
from tests.translations import started

ROOT = Path(__file__).parents[1]
SCHEMAS = {name: Draft7Validator(json_schema(form, path)) for name, (path, form) in _FILES.items()}
FORMS = {name: TypeAdapter(form) for name, (_, form) in _FILES.items()}


def data_of(root: Path, path: Path) -> Any:
    """Give the data of a content file, or of its front matter."""
    project, place = Project(root), PurePosixPath(path.relative_to(root).as_posix())
    diagnostics = Diagnostics()
    if path.suffix == ".md":
        file = read_markdown(project, place, diagnostics)
        assert file
        return file.front_matter.value
    document = read_yaml(project, place, diagnostics)
    assert document
    return document.value


def content_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Give the name of the schema of each file of a report, and the file."""
    for name, (pattern, _) in _FILES.items():
        for path in sorted(root.glob(pattern)):
            yield name, path


REAL = {path: name for name, path in content_files(ROOT)}


def is_good(name: str, value: object) -> bool:
    """Tell whether the form takes a value, which is what `reportgen check` goes by."""
    try:
        FORMS[name].validate_python(value)
    except ValidationError:
        return False
    return True


def test_the_schemas_of_this_report_are_up_to_date() -> None:
    stale = {p for p, data in schema_files().items() if (ROOT / p).read_bytes() != data}
    assert stale == set(), "reportgen schema writes them"
    found = {PurePosixPath(".schemas") / path.name for path in (ROOT / ".schemas").iterdir()}
    assert found == set(schema_files())


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name].schema)


def keys(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        for item in schema:
            yield from keys(item)
    elif isinstance(schema, dict):
        # What is below these is told above: a form's rules about two keys.
        below = {k: v for k, v in schema.items() if k not in ("oneOf", "if", "then", "else")}
        if isinstance(properties := below.get("properties"), dict):
            yield from properties.items()
        for value in below.values():
            yield from keys(value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_key_has_a_description(name: str) -> None:
    assert [key for key, told in keys(SCHEMAS[name].schema) if not told.get("description")] == []


def test_values_have_descriptions_where_their_docstrings_say_something() -> None:
    (status,) = (told for key, told in keys(SCHEMAS["links"].schema) if key == "status")
    assert status["enum"] == ["original", "found", "unknown"]
    assert status["enumDescriptions"][0] == "The source prints it."


@pytest.mark.parametrize("path", REAL, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_real_file_is_good(path: Path) -> None:
    assert list(SCHEMAS[REAL[path]].iter_errors(data_of(ROOT, path))) == []


@pytest.mark.parametrize(
    "path", [p for p in REAL if p.suffix == ".yaml"], ids=lambda p: str(p.relative_to(ROOT))
)
def test_each_real_file_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first == f"{SCHEMA_COMMENT}{'../' * first.count('../')}{schema_path(REAL[path])}"
    assert (path.parent / first.removeprefix(SCHEMA_COMMENT)).resolve().is_file()


def test_a_new_report_has_schemas_and_names_them(tmp_path: Path) -> None:
    workspace = started(tmp_path / "report")
    files = {path: name for name, path in content_files(workspace.root)}
    assert set(files.values()) == set(_FILES) - {"import", "locale", "glossary"}
    for path, name in files.items():
        assert list(SCHEMAS[name].iter_errors(data_of(workspace.root, path))) == []
        if path.suffix == ".yaml":
            first = path.read_text(encoding="utf-8").partition("\n")[0]
            assert (path.parent / first.removeprefix(SCHEMA_COMMENT)).is_file()
    assert workspace.run("schema", "--check").exit_code == 0
    workspace.run("translate", "init", "fr")
    settings = workspace.root / "locales/fr/locale.yaml"
    place = PurePosixPath("locales/fr/locale.yaml")
    assert settings.read_text(encoding="utf-8").startswith(f"{schema_comment(place)}\n")


WRONG = {
    "a key that is not known": ("members", "kenia: {name: K, code: KE, region: africa, regoin: x}"),
    "a key that is missing": ("members", "kenia: {name: K, code: KE}"),
    "a name that is none": ("members", "Kenia: {name: K, code: KE, region: africa}"),
    "a name that is too long": ("pillars", f"{'a' * 81}: {{title: A}}"),
    "a code that is none": ("members", "kenia: {name: K, code: Kenya, region: africa}"),
    "a latitude beyond the pole": (
        "members",
        "kenia: {name: K, code: KE, region: africa, location: [91, 0]}",
    ),
    "three coordinates": (
        "members",
        "kenia: {name: K, code: KE, region: africa, location: [1, 2, 3]}",
    ),
    "an empty text": ("regions", "africa: {name: ''}"),
    "no records": ("commitments", "member: kenia\ncommitments: []"),
    "a year in quotation marks": (
        "commitments",
        "member: a\ncommitments: [{id: A1, year: '2020', pillar: p, title: T, summary: S}]",
    ),
    "a link that is found nowhere": ("links", "links: {a: {status: found}}"),
    "a link that is found, with an empty address": ("links", "links: {a: {status: found, url: }}"),
    "a link that is unknown and leads somewhere": (
        "links",
        "links: {a: {status: unknown, url: https://example.org}}",
    ),
    "an address without a scheme": ("links", "links: {a: {status: found, url: example.org}}"),
    "a kind of drawing that there is not": ("figure", "{title: T, alt: A, data: a.csv, kind: pie}"),
    "a figure without numbers": ("figure", "{title: T, alt: A, kind: bar}"),
    "a figure with numbers twice": (
        "figure",
        "{title: T, alt: A, kind: bar, data: a.csv, count: year}",
    ),
    "a map of years": ("figure", "{title: T, alt: A, kind: map, count: year}"),
    "a column for each member": ("figure", "{title: T, alt: A, kind: column, count: member}"),
    "a setting that there is not": ("section", "{title: T, setting: large}"),
    "yes for true": ("section", "{title: T, editorial: yes}"),
    "a review that there is not": ("locale", "review: done"),
    "a term without languages": ("glossary", "justice: droit"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_wrong_to_both(what: str) -> None:
    name, text = WRONG[what]
    document = parse_yaml(text, PurePosixPath("a.yaml"), Diagnostics())
    assert document
    assert not is_good(name, document.value)
    assert list(SCHEMAS[name].iter_errors(document.value)) != []


def shortened(value: Any) -> Any:
    """Give a value with the first few of its entries, but all keys of a form."""
    if isinstance(value, dict):
        few = list(value.items())[:12]
        return {key: shortened(item) for key, item in few}
    return [shortened(item) for item in value[:2]] if isinstance(value, list) else value


def spoiled(value: Any) -> Iterator[Any]:
    """Give a value without each key, with a key too many, and with each value of another type."""
    if isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
            for other in spoiled(value[key]):
                yield {**value, key: other}
        yield {**value, "keyy": "x"}
    elif isinstance(value, list):
        yield []
        for index, item in enumerate(value):
            for other in spoiled(item):
                yield [*value[:index], other, *value[index + 1 :]]
    yield from (None, True, 7, 7.5, "", "A b: c", [], {}, ["x"], {"x": "y"})


@pytest.mark.parametrize("name", sorted(_FILES))
def test_both_are_of_one_mind_about_a_spoiled_file(name: str) -> None:
    """What the form takes, the schema takes. The other way round, a few things are not told."""
    path = next(path for path, of in REAL.items() if of == name)
    told = 0
    for wrong in spoiled(shortened(data_of(ROOT, path))):
        fits = not list(SCHEMAS[name].iter_errors(wrong))
        assert fits or not is_good(name, wrong), wrong
        told += not fits
    assert told > 10


NAMES = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)
TEXTS = st.sampled_from(["a-b", " x ", "2020-05", "https://example.org"]) | st.text(max_size=4)


def like(schema: Any) -> st.SearchStrategy[Any]:
    """Give values that are nearly what a schema takes: some of its keys, some of its texts."""
    if "anyOf" in schema:
        return st.one_of([like(option) for option in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        needed = schema.get("required", [])
        parts = {key: like(told) for key, told in schema["properties"].items()}
        return st.fixed_dictionaries(
            {key: part for key, part in parts.items() if key in needed},
            optional={key: part for key, part in parts.items() if key not in needed},
        )
    if "patternProperties" in schema:
        (inner,) = schema["patternProperties"].values()
        return st.dictionaries(NAMES, like(inner), max_size=2)
    if isinstance(schema.get("additionalProperties"), dict):
        return st.dictionaries(TEXTS, like(schema["additionalProperties"]), max_size=2)
    if isinstance(schema.get("items"), dict):
        return st.lists(like(schema["items"]), min_size=schema.get("minItems", 0), max_size=2)
    if isinstance(schema.get("items"), list):
        return st.tuples(*(like(item) for item in schema["items"])).map(list)
    kinds = {"string": TEXTS, "integer": st.integers(), "number": st.floats(-200, 200)}
    kinds |= {"boolean": st.booleans(), "null": st.none()}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    plain = st.one_of([kinds[kind] for kind in types if kind in kinds])
    return (
        st.from_regex(schema["pattern"], fullmatch=True) | plain if "pattern" in schema else plain
    )


@pytest.mark.parametrize("name", sorted(_FILES))
def test_what_the_form_takes_the_schema_takes(name: str) -> None:
    good = 0

    @given(like(SCHEMAS[name].schema))
    def compare(value: Any) -> None:
        nonlocal good
        if is_good(name, value):
            good += 1
            assert list(SCHEMAS[name].iter_errors(value)) == []

    compare()
    # Of a whole report made by chance, hardly one is good: its parts are tested by themselves.
    assert good > 0 or name == "report"


def test_the_command_writes_what_is_out_of_date(workspace: Workspace) -> None:
    result = workspace.run("schema", "--check")
    assert result.exit_code == 1
    assert ".schemas/links.schema.json: out of date; reportgen schema writes it\n" in result.output
    assert not (workspace.root / ".schemas").exists()
    result = workspace.run("schema")
    assert (result.exit_code, result.output.count(": written\n")) == (0, len(_FILES))
    assert workspace.run("schema").output == "schemas: all are up to date\n"
    workspace.edit(".schemas/links.schema.json", "{}")
    assert workspace.run("schema").output == ".schemas/links.schema.json: written\n"
    schema = json.loads((workspace.root / ".schemas/links.schema.json").read_bytes())
    assert schema == json_schema(_FILES["links"][1], "content/links.yaml")


def test_a_folder_that_cant_be_written(workspace: Workspace) -> None:
    workspace.edit(".schemas", "a file")
    result = workspace.run("schema")
    assert result.exit_code == 1
    assert "error[not-written]: " in result.output
    assert (workspace.root / ".schemas").read_bytes() == b"a file"
