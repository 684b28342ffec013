"""Inputs made at random, fed to the commands that read what comes from elsewhere.

``python -m tests.fuzz --help`` says how to run it. A case is a seed report with some of its files
changed; :mod:`tests.fuzz.generate` makes case *n* of a seed, the same on every machine, and
:mod:`tests.fuzz.targets` runs the command on it and says how that ended.
"""
