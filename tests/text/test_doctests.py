"""Run the examples in the docstrings of `comments.text` and of the exports."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import comments.text

MODULES = [f"comments.text.{module.name}" for module in pkgutil.iter_modules(comments.text.__path__)]


@pytest.mark.parametrize("name", [*MODULES, "comments.exports.columns"])
def test_examples_are_true(name):
    results = doctest.testmod(import_module(name))
    assert results.failed == 0
    assert results.attempted > 0
