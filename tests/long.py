"""Tests that come in two lengths: short in every run, long when LONG=1 asks for it."""

import os

LONG = bool(os.environ.get("LONG"))
