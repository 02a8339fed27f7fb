"""Readers of source text that find what the conventions forbid; each returns its findings."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import polib

from tests.environment import ROOT

# The words are broken up, so that this file does not find itself.
NOTES_TO_SELF = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b|\bsleep[(]")
TEMPLATE_TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
TRANSLATED_AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}
SOURCE_DIRECTORIES = (
    "bma_consult",
    "comments",
    "templates",
    "static",
    "tests",
    "benchmarks",
    "deploy",
    "docs",
)


def source_files(*suffixes: str, root: Path = ROOT) -> Iterator[Path]:
    """Yield the project's own files with these suffixes, without what others wrote."""
    own = chain.from_iterable((root / name).rglob("*") for name in SOURCE_DIRECTORIES)
    for path in sorted(chain(root.glob("*"), own)):
        if path.suffix in suffixes and path.is_file() and "vendor" not in path.parts:
            yield path


def translations_at_import(source: str) -> list[str]:
    """Name the calls, with their lines, that translate a text once for ever when the module is loaded."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in TRANSLATED_AT_ONCE
    }
    called = (
        (ast.unparse(node.func), node.lineno) for node in _run_at_import(tree) if isinstance(node, ast.Call)
    )
    return [
        f"line {line}: {name}"
        for name, line in called
        if name in names or (name.startswith("translation.") and name[12:] in TRANSLATED_AT_ONCE)
    ]


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when the module is loaded: class bodies, decorators and defaults too."""
    yield node
    children = ast.iter_child_nodes(node)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        children = chain(node.decorator_list, [node.args], filter(None, [node.returns]))
    elif isinstance(node, ast.Lambda):
        children = iter([node.args])
    for child in children:
        yield from _run_at_import(child)


class _InlineFinder(HTMLParser):
    """Collects what a strict content security policy would block."""

    # A link that a person follows is no asset.
    ASSETS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}
    ASSETS |= {"video": "src", "audio": "src", "embed": "src", "use": "href", "link": "href"}

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in values):
            self._note(f"inline <{tag}>")
        for name in values:
            if name == "style" or name.startswith("on"):
                self._note(f"{name}= on <{tag}>")
        if re.match(r"(https?:)?//", values.get(self.ASSETS.get(tag, ""), "") or ""):
            self._note(f"third-party <{tag}>")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and data.strip():
            self._note("text inside <script>")

    def _note(self, finding: str) -> None:
        self.findings.append(f"line {self.getpos()[0]}: {finding}")


def blocked_markup(template: str) -> list[str]:
    """List inline scripts, styles and handlers and third-party assets in the text of a template."""
    finder = _InlineFinder()
    # A newline stays a newline, so that the line numbers are right.
    finder.feed(TEMPLATE_TAGS.sub(lambda tag: "x" + "\n" * tag[0].count("\n"), template))
    finder.close()
    return finder.findings


def untranslated(catalogue: polib.POFile) -> list[str]:
    """List the texts of a catalogue that a reader would see in English, or in a guess."""
    return [
        entry.msgid for entry in catalogue if not entry.obsolete and (entry.fuzzy or not entry.translated())
    ]


def texts(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str], object]:
    """Return what each text of a catalogue is translated to, plural forms included."""
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr
        for entry in catalogue
        if not entry.obsolete
    }


def rows_of_table(markdown: str, member: str) -> set[str]:
    """Return the first cells, without backticks, of the Markdown table that has a row for `member`."""
    for block in re.findall(r"(?:^\|.*\n?)+", markdown, re.MULTILINE):
        names = set(re.findall(r"^\| *`([^`]+)` *\|", block, re.MULTILINE))
        if member in names:
            return names
    return set()


def requirements(text: str) -> dict[str, str]:
    """Return what stands behind each package's name in a requirements file."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    matches = (
        re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?(.*)", line) for line in lines if not line.startswith("-")
    )
    return {match[1].lower(): match[2].strip() for match in matches if match and match[1]}
