"""Readers of the project's documents; each takes text and returns what it says, or what is wrong with it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.environment import ROOT

ROOMS = (
    "bma_consult",
    "comments",
    "templates",
    "static",
    "locale",
    "tests",
    "benchmarks",
    "docs",
    "deploy",
)
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
_PLACE = re.compile(rf"(?P<path>(?:{'|'.join(ROOMS)})/[\w./-]*)(?:::(?P<name>\w+))?")


def documents(root: Path = ROOT) -> list[Path]:
    """Return every document of the project."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def slug(heading: str) -> str:
    """Return the anchor that a heading has on the web."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def anchors(markdown: str) -> set[str]:
    """Return the anchors of all headings."""
    text = FENCE.sub("", markdown)
    return {slug(heading) for heading in re.findall(r"^#+ +(.+)$", text, re.MULTILINE)}


def section(markdown: str, heading: str) -> str:
    """Return what stands under a heading, subsections included. Raises ValueError when there is none."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", markdown, re.MULTILINE)
    if found is None:
        raise ValueError(f"no heading {heading!r}")
    following = re.search(rf"^#{{1,{len(found[1])}}} ", markdown[found.end() :], re.MULTILINE)
    return markdown[found.end() :][: following.start() if following else None]


def rows(markdown: str) -> list[list[str]]:
    """Return the cells of every table row but the heads and the lines under them."""
    lines = markdown.splitlines()
    found = []
    for before, line, after in zip(["", *lines], [*lines, ""], [*lines[1:], "", ""], strict=False):
        if line.startswith("|") and not _is_rule(line) and not _is_rule(after) and before.startswith("|"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def _is_rule(line: str) -> bool:
    return bool(re.fullmatch(r"\|[-| :]+\|", line))


def codes(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return CODE.findall(cell)


def broken_links(path: Path) -> list[str]:
    """List the relative links of a document that lead to no file, or to no heading of it."""
    found = []
    for target in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            found.append(target)
    return found


def missing_places(markdown: str, root: Path = ROOT) -> list[str]:
    """List the named files that don't exist, and the names (`path::name`) that they don't define."""
    places = (_PLACE.fullmatch(code) for code in codes(FENCE.sub("", markdown)))
    return [place[0] for place in places if place and not _exists(root / place["path"], place["name"])]


def _exists(path: Path, name: str | None) -> bool:
    return path.exists() and (name is None or name in set(_names_in(path.read_text(encoding="utf-8"))))


def _names_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name


def make_targets(markdown: str) -> set[str]:
    """Return every target of make that a document names."""
    return {
        target
        for code in [*codes(FENCE.sub("", markdown)), *(body for _, body in FENCE.findall(markdown))]
        for target in re.findall(r"^make ([a-z.][a-z-]*)", code, re.MULTILINE)
    }


def management_commands(markdown: str) -> set[str]:
    """Return every command of manage.py that a document names."""
    return set(re.findall(r"manage\.py ([a-z_]+)", markdown))


def defaults(source: str) -> dict[str, object]:
    """Return the plain defaults of the environment variables that a settings file reads."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env")),
                args=[ast.Constant(value=name)],
                keywords=[ast.keyword(arg="default", value=ast.Constant() | ast.List() as default)],
            ):
                found[name] = ast.literal_eval(default)
    return found


def as_written(default: object) -> str:
    """Return a default as the table of settings writes it."""
    match default:
        case bool():
            return "on" if default else "off"
        case list():
            return ",".join(default) or "empty"
        case "":
            return "empty"
    return str(default)
