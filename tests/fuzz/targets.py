"""What a command makes of a case: run within this process, which is fast, or as a user runs it."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner

import reportgen
from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.cli import main
from reportgen.project import Project
from reportgen.worker import Limits
from tests.fuzz.cases import Case, Target, clear, put
from tests.fuzz.seeds import Seeds

MEMORY = 2_000_000_000
"""How much memory a case may take, in bytes."""

SECONDS = {Target.CHECK: 5.0, Target.IMPORT: 5.0, Target.BUILD: 20.0, Target.PREFLIGHT: 20.0}
"""How long the program may take. A build or preflight must have told its own limit by then."""

SECRET = "the-canary-sings"

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_TOLD = re.compile(r"\b(error|warning)\[([a-z0-9-]*)\]")
_PLACED = re.compile(r"^\S.*:\d+:\d+: (?:error|warning)\[[a-z0-9-]+\]: .+; .+$")
_REPR = re.compile(r"<[\w.]+ (?:object )?at 0x[0-9a-f]+>")


@dataclass(frozen=True)
class Outcome:
    """How a case ended: well with `kind` 'clean', 'refused' or 'usage', and else as a failure."""

    kind: str
    codes: tuple[str, ...] = ()
    detail: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether it is a failure."""
        return self.kind not in ("clean", "refused", "usage")

    @property
    def told(self) -> str:
        """The kind, and the last line of what shows it."""
        lines = self.detail.strip().splitlines()
        return f"{self.kind}: {lines[-1][:200]}" if lines else self.kind


class Bench:
    """A folder with the seed report, a canary beside it, and the means to run cases in it."""

    def __init__(self, folder: Path, seeds: Seeds) -> None:
        self.seeds = seeds
        self.root = folder / "report"
        self._canary = folder / "canary"
        self._canary.mkdir(parents=True)
        (self._canary / "secret.txt").write_text(SECRET)
        self._around = set(folder.iterdir()) | {self.root}
        self._target: Target | None = None

    def run(self, case: Case) -> Outcome:
        """Run a case in this process."""
        with self._prepared(case), contextlib.chdir(self.root):
            call = _HERE.get(case.target, _called)
            return self._judged(case, lambda: call(case))

    def confirm(self, case: Case) -> Outcome:
        """Run a case as a program, as a user does."""
        with self._prepared(case):
            return self._judged(case, lambda: _program(case, self.root))

    @contextlib.contextmanager
    def _prepared(self, case: Case) -> Iterator[None]:
        """Put the files of a case in their places, and then what was there before."""
        self._begin(case.target)
        for path, content in case.files.items():
            put(self.root / path, content, self._canary / "secret.txt")
        try:
            yield
        finally:
            self._restore(case)

    def _begin(self, target: Target) -> None:
        if target is not self._target:
            clear(self.root)
            self.root.mkdir()
            for path, data in self.seeds.of(target).items():
                put(self.root / path, data, self._canary)
            self._target = target

    def _restore(self, case: Case) -> None:
        before = self.seeds.of(case.target)
        for path in case.files:
            clear(self.root / path)
        if "--apply" in case.arguments:
            for file in (self.root / "content" / "commitments").iterdir():
                if file.relative_to(self.root).as_posix() not in before:
                    clear(file)
            restored = [path for path in before if path.startswith("content/")]
        else:
            restored = [path for path in case.files if path in before]
        for path in restored:
            put(self.root / path, before[path], self._canary)

    def _judged(self, case: Case, call: Callable[[], tuple[int, str, str]]) -> Outcome:
        start = time.monotonic()
        code, output, trace = call()
        seconds = time.monotonic() - start
        kind, detail = judge(case.target, code, output, trace)
        if seconds > SECONDS[case.target]:
            kind = "slow"
        if wrong := self._disturbed():
            kind, detail = "outside", wrong
        codes = tuple(sorted({found[2] for found in _TOLD.finditer(output)}))
        return Outcome(kind, codes, detail[:1500], seconds)

    def _disturbed(self) -> str:
        """Say what has become of what lies beside the report, and put it right."""
        secret = self._canary / "secret.txt"
        found = [path for path in self.root.parent.iterdir() if path not in self._around]
        if self._canary.is_dir():
            found += [path for path in self._canary.iterdir() if path != secret]
        for path in found:
            clear(path)
        if not secret.is_file() or secret.read_text() != SECRET:
            found.append(secret)
            put(secret, SECRET.encode(), secret)
        return ", ".join(path.name for path in found)


_SCRIPT = str(Path(sys.executable).with_name("reportgen"))
"""What a user calls: unlike `python -m`, it takes no module from the current folder."""

_SOURCE = str(Path(reportgen.__file__).parents[1])

_LIMITS = ("--max-seconds", "5", "--max-memory", "1500M")

_OPTIONS = {
    Target.BUILD: ("--quiet", "--force", "--jobs", "1", *_LIMITS),
    Target.PREFLIGHT: _LIMITS,
}


def _command(case: Case) -> tuple[str, ...]:
    return (str(case.target), *_OPTIONS.get(case.target, ()), *case.arguments)


def _built(case: Case) -> tuple[int, str, str]:
    """Make an output in this process, which has the limits of a build's worker already."""
    _, edition, _, locale = case.arguments
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = make(Project(Path.cwd()), Job(locale, edition))
    except BaseException:  # noqa: BLE001 - what no output lets through
        return 1, "", traceback.format_exc()
    return int(made.data is None), "\n".join(map(str, made.diagnostics)), ""


class _Here:
    """Stands in for the worker of a preflight: this process has its limits already."""

    def __init__(self, limits: Limits) -> None:
        pass

    def call(self, function: Callable[..., object], *args: object) -> object:
        return function(*args)

    def close(self) -> None:
        pass


def _preflighted(case: Case) -> tuple[int, str, str]:
    """Run a preflight in this process."""
    module = import_module("reportgen.cli.preflight")
    with patch.multiple(module, Worker=_Here, preload=lambda modules: None):
        return _called(case)


def _called(case: Case) -> tuple[int, str, str]:
    """Give the exit code, the output and the traceback of a command run here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = CliRunner().invoke(main, _command(case))
    except BaseException:  # noqa: BLE001 - what no command lets through
        return 1, "", traceback.format_exc()
    trace = ""
    if result.exc_info and not isinstance(result.exception, SystemExit):
        trace = "".join(traceback.format_exception(*result.exc_info)) if result.exception else ""
    output = result.output_bytes.decode("utf-8", "surrogateescape")
    return result.exit_code, output, trace


_HERE = {Target.BUILD: _built, Target.PREFLIGHT: _preflighted}
"""How a command is run in this process, where that is not through its command line."""


def _program(case: Case, folder: Path) -> tuple[int, str, str]:
    """Give the exit code, the output and the traceback of a command run as a program."""
    program = subprocess.Popen(
        (sys.executable, "-W", "ignore", _SCRIPT, *_command(case)),
        cwd=folder,
        # The same code as here: the folder may lie beside no checkout.
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": _SOURCE},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(program.pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
    try:
        data, _ = program.communicate(timeout=SECONDS[case.target] + 1)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, 9)
        program.communicate()
        return 1, "", "hang"
    output = data.decode("utf-8", "surrogateescape")
    return program.returncode, output, output if "Traceback (most recent" in output else ""


def judge(target: Target, code: int, output: str, trace: str) -> tuple[str, str]:
    """Give how a command ended, and the words that show it."""
    if trace:
        return "hang" if trace == "hang" else "traceback", trace[-1500:]
    if code < 0:
        return "crash", f"signal {-code}"
    if SECRET in output:
        return "secret", output
    lines = output.split("\n")
    for line in lines:
        if "[internal]" in line:
            return "internal", line
        if found := _UNPRINTABLE.search(line):
            return "control character", f"{found[0]!r} in {line!r}"
        if _REPR.search(line):
            return "repr", line
        if _TOLD.search(line) and not _PLACED.match(line):
            return "without a place", line
    if code == 0:
        return "clean", ""
    if code == 1 and (target is Target.PREFLIGHT or _TOLD.search(output)):
        return "refused", ""
    return ("usage", "") if code == 2 else ("without an error", output)
