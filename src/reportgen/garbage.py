"""Garbage looked for a fiftieth as often, from the import of this module on.

Nearly all that a process of ours makes stays until its end, and is looked through in vain: a tenth
of the time that it takes to load the engine. Only programs import this module.
"""

from __future__ import annotations

import gc

gc.set_threshold(35_000, 20, 20)
