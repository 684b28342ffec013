"""What changes are called where people read of them: on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reportgen.comparison.compare import Action, Change, Difference
from reportgen.comparison.sides import Comparison
from reportgen.comparison.snapshot import Kind
from reportgen.comparison.stale import Lack, Stale

TITLES: Mapping[Kind, str] = {
    Kind.SETTINGS: "Settings",
    Kind.PILLAR: "Pillars",
    Kind.REGION: "Regions",
    Kind.MEMBER: "Members",
    Kind.COMMITMENT: "Commitments",
    Kind.SECTION: "Sections",
    Kind.FIGURE: "Figures",
    Kind.LINK: "Links",
    Kind.MESSAGE: "Translations",
    Kind.TEMPLATE: "Templates",
    Kind.STYLE: "Style sheets",
    Kind.FILE: "Files",
}
"""The heading of each kind of change."""

ACTIONS: Mapping[Action, str] = {
    Action.ADDED: "added",
    Action.REMOVED: "removed",
    Action.CHANGED: "changed",
    Action.MOVED: "moved",
    Action.REWRITTEN: "with other comments, order of keys or line breaks only",
}
"""What each action is called."""

SIGNS: Mapping[Action, str] = {
    Action.ADDED: "+",
    Action.REMOVED: "-",
    Action.CHANGED: "~",
    Action.MOVED: "↕",
    Action.REWRITTEN: "=",
}
"""The sign of each action: it tells them apart without colour."""

LACKS: Mapping[Lack, str] = {
    Lack.MISSING: "no translation",
    Lack.FUZZY: "marked as fuzzy: it translates the old words",
    Lack.OUTDATED: "it translates the old words; reportgen translate update marks it",
}
"""What each lack of a translation is called."""


@dataclass(frozen=True)
class Group:
    """The changes of one kind; `counts` has how many of each action.

    `only_counted` are sentences on messages without a translation that came or went with their
    texts: the texts themselves are told elsewhere.
    """

    kind: Kind
    changes: tuple[Change, ...]
    counts: str
    only_counted: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The heading."""
        return TITLES[self.kind]


def groups(comparison: Comparison) -> tuple[Group, ...]:
    """Give the changes by kind, without the kinds that have none."""
    found = []
    for kind in Kind:
        changes = [change for change in comparison.changes if change.kind is kind]
        if changes:
            told = tuple(change for change in changes if not _is_empty_message(change))
            rest = [change for change in changes if _is_empty_message(change)]
            found.append(Group(kind, told, _counts(changes), tuple(_by_locale(rest))))
    return tuple(found)


def _is_empty_message(change: Change) -> bool:
    return (
        change.kind is Kind.MESSAGE
        and change.action in (Action.ADDED, Action.REMOVED)
        and any(d.path == ("state",) and "missing" in (d.old, d.new) for d in change.differences)
    )


def _by_locale(changes: list[Change]) -> Iterable[str]:
    for locale in dict.fromkeys(change.group for change in changes):
        for action, what in ((Action.ADDED, "new"), (Action.REMOVED, "gone")):
            number = sum(1 for c in changes if c.group == locale and c.action is action)
            if number:
                texts = "text" if number == 1 else "texts"
                yield f"{locale}: {number} {texts} without a translation {what}"


def _counts(changes: Iterable[Change]) -> str:
    """Give how many were added, removed and so on, in words."""
    actions = [change.action for change in changes]
    return ", ".join(f"{actions.count(a)} {ACTIONS[a]}" for a in Action if a in actions)


def name_of(change: Change) -> str:
    """Give what a change is found by: an id, a file, a message's locale."""
    return change.group if change.kind is Kind.MESSAGE else change.id


def about(change: Change) -> str:
    """Give what stands beside the name: the title, and what it is under."""
    if change.kind is Kind.COMMITMENT:
        return f"{change.group}: {change.title}"
    return change.title


def label(difference: Difference) -> str:
    """Give what a difference is in: ``summary``, ``block 3``, ``row 2021``."""
    first, *others = difference.path
    if first in ("head", "column", "row"):
        if first == "head":
            return "head of the first column"
        return ", ".join(others) if len(others) > 1 else f"{first} {others[0]}"
    if first == "blocks":
        return f"block {others[0]}"
    return ".".join(difference.path)


def is_only_moved(difference: Difference) -> bool:
    """Tell whether a text stands elsewhere and is the same, or a row or column is elsewhere."""
    same = difference.old == difference.new
    return difference.moved and (same or difference.path[0] in ("row", "column"))


def stale_by_locale(comparison: Comparison) -> Mapping[str, tuple[Stale, ...]]:
    """Give the translations that the change makes stale, by locale."""
    found: dict[str, tuple[Stale, ...]] = {}
    for stale in comparison.stale:
        found[stale.locale] = (*found.get(stale.locale, ()), stale)
    return found


def stale_texts(comparison: Comparison) -> tuple[tuple[Stale, tuple[str, ...]], ...]:
    """Give each text whose translation is stale once, with the locales where it lacks the same."""
    found: dict[Stale, tuple[str, ...]] = {}
    for stale in comparison.stale:
        text = replace(stale, locale="")
        found[text] = (*found.get(text, ()), stale.locale)
    return tuple(found.items())
