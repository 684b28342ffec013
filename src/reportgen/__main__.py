"""`python -m reportgen` is `reportgen`."""

from __future__ import annotations

import signal
import sys
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stopped(SystemExit):
    """The program was told to stop; the exit code is the one that a shell gives to it."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.name = signal.Signals(number).name


def main() -> None:
    """Run the command line; a signal ends it as an exception does, so that all is cleaned up."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _stop)
    try:
        # Imported here: it takes long enough to be interrupted.
        import reportgen.garbage  # noqa: F401 - its import is its effect
        from reportgen.cli import main as run

        run()
    except _Stopped as stopped:
        sys.stderr.write(f"reportgen was stopped by {stopped.name}: no file is half-written\n")
        raise


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped(number)


if __name__ == "__main__":
    main()
