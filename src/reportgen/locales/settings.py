"""The form of the files that go with catalogs."""

from __future__ import annotations

from enum import StrEnum

from pydantic import RootModel

from reportgen.model.schema import Text, form


class Review(StrEnum):
    """Whether a native speaker has approved a translation."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


@form
class LocaleFile:
    """`locales/<locale>/locale.yaml`: what is known of a locale's translation."""

    review: Review = Review.DRAFT
    """`reviewed` once a native speaker has approved it; until then the imprint says so."""


class GlossaryFile(RootModel[dict[Text, dict[Text, tuple[Text, ...] | Text]]]):
    """`locales/glossary.yaml`: a term of the source to its approved terms, by locale."""
