"""Which records of a report are asked for: by member, region, pillar and year."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import NamedTuple


class Facets(NamedTuple):
    """What a record can be selected by: the ids of its member, region and pillar, and its year."""

    member: str
    region: str
    pillar: str
    year: str


KEYS = Facets._fields
"""The keys of a selection, in the order in which they are named."""

_LONGEST_NAME = 80
"""How long the name of a selection may be: a file is called by it, and by more."""


@dataclass(frozen=True)
class Selection:
    """The records that have one of the values of each key. A key without values asks for nothing.

    Values are ids, or years as text; each stands once, in order: see `of`.
    """

    member: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    pillar: tuple[str, ...] = ()
    year: tuple[str, ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Selection:
        """Give the selection of some keys and values, in any order.

        Raises:
            ValueError: there is no such key.
        """
        values: dict[str, set[str]] = {key: set() for key in KEYS}
        for key, value in pairs:
            if key not in values:
                raise ValueError(f"'{key}' is not a key of a selection")
            values[key].add(value)
        return cls(**{key: tuple(sorted(found)) for key, found in values.items()})

    def __bool__(self) -> bool:
        """Tell whether anything is asked for: without it, the selection is the whole report."""
        return any(self.asked)

    @property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """The values by key, of the keys that have any."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {key: found for key, found in values.items() if found}

    def narrowed(self, key: str, value: str) -> Selection:
        """Give the selection with one value of a key in place of those that it has."""
        return replace(self, **{key: (value,)})

    def takes(self, record: Facets) -> bool:
        """Tell whether a record is of the selection."""
        return all(getattr(record, key) in values for key, values in self.asked.items())

    def __str__(self) -> str:
        """Give it as it is typed, such as ‘member=auckland, year=2024’."""
        return ", ".join(f"{key}={value}" for key, values in self.asked.items() for value in values)

    @property
    def name(self) -> str:
        """A name for files: ASCII, the same for the same selection, another one for another.

        Members stand as they are, other values with their key: ids have no underscore.
        """
        full = "+".join(
            value if key == "member" else f"{key}_{value}"
            for key, values in self.asked.items()
            for value in values
        )
        if len(full) <= _LONGEST_NAME:
            return full
        digest = hashlib.sha256(full.encode()).hexdigest()[:8]
        return f"{full[: _LONGEST_NAME - 10].rpartition('+')[0]}+_{digest}"


EVERYTHING = Selection()
"""The whole report."""
