"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import comments

MODULES = [
    module.name
    for module in pkgutil.walk_packages(comments.__path__, "comments.")
    if not module.name.startswith("comments.migrations")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) > 0
