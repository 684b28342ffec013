"""JSON Schemas of a report's YAML files, made from the forms that check them.

An editor that has the language server of YAML (Red Hat's, in VS Code) takes a file's schema from
its first comment, and completes and checks while one types. The schemas say what one file must
keep; what files must keep together is for `reportgen check` to say. They are of JSON Schema's
draft 7, which all editors know, and each stands for itself, without references.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from reportgen.locales import settings
from reportgen.locales.catalog import LOCALES
from reportgen.model import schema as forms
from reportgen.model.files import CONTENT
from reportgen.project import Project, write_atomically

SCHEMAS = PurePosixPath(".schemas")
"""The folder of the schemas in a project."""

SCHEMA_COMMENT = "# yaml-language-server: $schema="

DIALECT = "http://json-schema.org/draft-07/schema#"

_FILES: Mapping[str, tuple[str, Any]] = {
    "report": (f"{CONTENT}/report.yaml", forms.ReportFile),
    "pillars": (f"{CONTENT}/pillars.yaml", dict[forms.Name, forms.PillarEntry]),
    "regions": (f"{CONTENT}/regions.yaml", dict[forms.Name, forms.RegionEntry]),
    "members": (f"{CONTENT}/members.yaml", dict[forms.Name, forms.MemberEntry]),
    "commitments": (f"{CONTENT}/commitments/*.yaml", forms.CommitmentsFile),
    "links": (f"{CONTENT}/links.yaml", forms.LinksFile),
    "figure": (f"{CONTENT}/figures/*.yaml", forms.FigureFile),
    "import": (f"{CONTENT}/import.yaml", forms.ImportFile),
    "section": (f"{CONTENT}/sections/*.md", forms.SectionFrontMatter),
    "locale": (f"{LOCALES}/*/locale.yaml", settings.LocaleFile),
    "glossary": (f"{LOCALES}/glossary.yaml", settings.GlossaryFile),
}
"""Each schema's name, the files that it is for, and their form."""


def schema_path(name: str) -> PurePosixPath:
    """Give the place of a schema in a project."""
    return SCHEMAS / f"{name}.schema.json"


def schema_files() -> dict[PurePosixPath, bytes]:
    """Give all schemas, by their place in a project."""
    return {
        schema_path(name): _as_bytes(json_schema(form, files))
        for name, (files, form) in _FILES.items()
    }


def write_schemas(project: Project) -> tuple[PurePosixPath, ...]:
    """Write the schemas that are missing or out of date, and give their places.

    Raises:
        OSError: one can't be written.
    """
    stale = stale_schemas(project)
    files = schema_files()
    for path in stale:
        write_atomically(project.resolve(path), files[path])
    return stale


def stale_schemas(project: Project) -> tuple[PurePosixPath, ...]:
    """Give the schemas of a project that are missing or not those of this version."""
    return tuple(
        path
        for path, data in schema_files().items()
        if not project.is_file(path) or project.read(path) != data
    )


def schema_comment(path: PurePosixPath) -> str | None:
    """Give the comment that names a YAML file's schema, which is to be the first of the file."""
    for name, (files, _) in _FILES.items():
        if path.suffix == ".yaml" and path.match(files):
            up = "../" * (len(path.parts) - 1)
            return f"{SCHEMA_COMMENT}{up}{schema_path(name)}"
    return None


def has_schemas(project: Project) -> bool:
    """Tell whether a project has schemas, so that comments can name them."""
    return bool(project.glob(str(SCHEMAS), "*.schema.json"))


def json_schema(form: Any, title: str) -> dict[str, Any]:
    """Give the JSON Schema of a form."""
    generated = TypeAdapter(form).json_schema(schema_generator=_Generator)
    definitions = generated.pop("$defs", {})
    for definition in definitions.values():
        # The name of a class says nothing to an editor.
        definition.pop("title", None)
    return {"$schema": DIALECT, **_inlined(generated, definitions), "title": title}


def _as_bytes(schema: dict[str, Any]) -> bytes:
    return f"{json.dumps(schema, ensure_ascii=False, indent=2)}\n".encode()


def _inlined(value: Any, definitions: Mapping[str, Any]) -> Any:
    """Give a schema with what it refers to in its place: in draft 7, a reference stands alone."""
    if isinstance(value, list):
        return [_inlined(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    own = {key: _inlined(item, definitions) for key, item in value.items() if key != "$ref"}
    if "$ref" not in value:
        return own
    return {**_inlined(definitions[value["$ref"].rpartition("/")[2]], definitions), **own}


class _Generator(GenerateJsonSchema):
    """Draft 7, without the titles that repeat a key, with the docstrings below keys and values."""

    schema_dialect = DIALECT

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        made = super().dataclass_schema(schema)
        for key, text in _docstrings(schema["cls"]).items():
            if key in made.get("properties", {}):
                made["properties"][key]["description"] = text
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        if "patternProperties" in made:
            made["additionalProperties"] = False
        return made

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        made = super().enum_schema(schema)
        told = _docstrings(schema["cls"])
        if told:
            # Read by VS Code; other readers pass it over.
            made["enumDescriptions"] = [told.get(member.name, "") for member in schema["members"]]
        return made

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        made = super().tuple_schema(schema)
        if "prefixItems" in made:
            made["items"] = made.pop("prefixItems")
            made["additionalItems"] = False
        return made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        is_told = made.get("default") not in (None, [], {})
        return made if is_told else self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        made = super().nullable_schema(schema)
        first = made.get("anyOf", [{}])[0]
        if isinstance(first.get("type"), str) and "enum" not in first:
            return {**first, "type": [first["type"], "null"]}
        return made


def _docstrings(form: type) -> Mapping[str, str]:
    """Give the docstrings below the keys of a form, or below the values of an enumeration."""
    return _docstrings_in(sys.modules[form.__module__]).get(form.__name__, {})


@lru_cache(maxsize=8)
def _docstrings_in(module: ModuleType) -> Mapping[str, Mapping[str, str]]:
    """Give those of each class of a module."""
    return {
        node.name: {
            key: inspect.cleandoc(below.value.value).replace("\n", " ")
            for line, below in pairwise(node.body)
            if (key := _key(line))
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        }
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.ClassDef)
    }


def _key(line: ast.stmt) -> str | None:
    """Give the name that a line of a class's body gives a value or a type."""
    target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
    return target.id if isinstance(target, ast.Name) else None
