"""The form of the files that go with catalogs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import RootModel, StringConstraints

from reportgen.model.schema import Text, form
from reportgen.source.limits import MAX_TERM_CHARS


class Review(StrEnum):
    """Whether a native speaker has approved a translation."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


@form
class LocaleFile:
    """`locales/<locale>/locale.yaml`: what is known of a locale's translation."""

    review: Review = Review.DRAFT
    """`reviewed` once a native speaker has approved it; until then the imprint says so."""


Word = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=MAX_TERM_CHARS),
]
"""A term, or an approved one: a word or a few."""


class GlossaryFile(RootModel[dict[Word, dict[Text, tuple[Word, ...] | Word]]]):
    """`locales/glossary.yaml`: a term of the source to its approved terms, by locale."""
