"""Builds: cold, again after a change, of everything, and of reports of other sizes."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.measure import Measured, measure
from benchmarks.projects import REPORTGEN, change_record, change_translation
from benchmarks.table import Row, Table
from reportgen.build.executors import cores

ALL_LANGUAGES = ("--all-locales", "--edition", "digital")
EVERYTHING = (*ALL_LANGUAGES, "--edition", "archive", "--edition", "print")


def check(bench: Bench) -> Table:
    """Measure `reportgen check` beside a cold build."""
    cold = bench.cold()
    command = (*REPORTGEN, "check", "--project", str(bench.copy("check").root))
    checked = measure(command, bench.runs, name="check", warm_up=not bench.quick)
    return Table(
        "A check beside a cold build",
        (Row("`reportgen build`, cold", cold), Row("`reportgen check`", checked, cold)),
        "A check reads the translations too; the build makes one file.",
    )


def again(bench: Bench) -> Table:
    """Measure builds after a change beside cold ones."""
    cold = bench.cold()
    one, all_ = bench.copy("again"), bench.copy("again-all")
    same = measure(one.command(), bench.runs, name="nothing changed")
    record = measure(
        one.command(), bench.runs, name="one record changed", before=change_record(one)
    )
    all_cold = measure(
        all_.command(*ALL_LANGUAGES),
        bench.runs,
        name="all languages, cold",
        before=all_.forget,
        warm_up=False,
    )
    all_same = measure(
        all_.command(*ALL_LANGUAGES), bench.runs, name="all languages, nothing changed"
    )
    catalog = measure(
        all_.command(*ALL_LANGUAGES),
        bench.runs,
        name="one catalog changed",
        before=change_translation(all_),
    )
    return Table(
        "What has changed since the last build",
        (
            Row("one file, cold", cold),
            Row("one file, nothing changed", same, cold, bar="nothing changed"),
            Row("one file, one record changed", record, cold, bar="one record changed"),
            Row("all languages, cold", all_cold),
            Row("all languages, nothing changed", all_same, all_cold),
            Row("all languages, one PO file changed", catalog, all_cold),
        ),
        "The digital edition: in one language, and in all with as many processes as there are"
        " cores.",
    )


def everything(bench: Bench) -> Table:
    """Measure cold builds of all languages and editions, one after the other and side by side."""
    copy = bench.copy("everything")

    def built(name: str, *options: str) -> Measured:
        return measure(
            copy.command(*EVERYTHING, *options),
            bench.runs,
            name=name,
            before=copy.forget,
            warm_up=False,
        )

    alone = built("everything, one process", "--jobs", "1")
    spread = built("everything, all cores")
    return Table(
        "All languages and editions, cold",
        (Row("`--jobs 1`", alone), Row(f"all cores ({cores()})", spread, alone)),
    )


def sizes(bench: Bench) -> Table:
    """Measure cold builds of made reports, from the smallest to the largest."""
    measured = [(number, bench.cold_made(number)) for number in bench.sizes]
    first = measured[0][1]
    return Table(
        "By the number of records, cold",
        tuple(
            Row(f"{number:,} records", found, None if found is first else first)
            for number, found in measured
        ),
        "The digital edition, of made reports: the real records again and again, with new ids.",
    )
