"""What every page must pass in a browser; each check returns its findings, a line each."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Besides contrast nothing that axe looks at depends on the colour scheme.
OF_COLOUR = ["color-contrast", "link-in-text-block"]
# What is wrong with one row of a list is wrong with all of them.
MOST_NODES = 3
# Of style sheets that import others axe makes inline copies, which our policy refuses.
_HAS_IMPORTS = """[...document.styleSheets].some(
  sheet => [...sheet.cssRules].some(rule => rule instanceof CSSImportRule))"""


@cache
def _axe() -> str:
    source = Path(axe_playwright_python.__file__).with_name("axe.min.js")
    return source.read_text(encoding="utf-8")


def barriers(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return the violations of WCAG 2.2 A and AA that axe-core finds, all or those of some rules.

    The policy of our pages forbids scripts of others, but not what the debugger evaluates.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    # A colour that fades from one scheme into the other would be measured half-way.
    page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
    values = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    options = {"runOnly": values, "resultTypes": ["violations"], "preload": not page.evaluate(_HAS_IMPORTS)}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {node['html'][:120]} — {node['failureSummary'].partition('  ')[2][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"][:MOST_NODES]
    ]


def barriers_in_both_schemes(page: Page) -> list[str]:
    """Return the violations in light colours, and those of colour in dark ones."""
    page.emulate_media(color_scheme="light")
    found = barriers(page)
    page.emulate_media(color_scheme="dark")
    return found + [f"dark: {line}" for line in barriers(page, OF_COLOUR)]


# Rectangles of text may differ from their boxes by a rounded pixel.
_MISFITS = """([least, leastMain]) => {
  const BOXES = "label, legend, button, summary, a, dt, dd, th, td, h1, h2, h3, p, li, .tag, .chip, .badge, "
    + ".choice, .tile, .panel, .card, .opinion, .goal-row, .field, .form-section, .slip-part, .notice";
  const root = document.documentElement, findings = [], width = root.clientWidth;
  const name = e => `<${e.localName} class="${e.className}"> ${(e.innerText || e.value || "").slice(0, 60)}`;
  const seen = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !e.closest(".visually-hidden, .skip, svg, [hidden]");
  const all = [...document.body.querySelectorAll("*")].filter(seen);
  const scrollers = all.filter(e => ["auto", "scroll"].includes(getComputedStyle(e).overflowX));
  if (root.scrollWidth > width) {
    findings.push(`scrolls sideways: ${root.scrollWidth} > ${width}`);
  }
  for (const e of all) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const scrolls = scrollers.some(scroller => scroller !== e && scroller.contains(e));
    if (box.width && !scrolls && (box.right > width + 1 || box.left < -1)) {
      findings.push(`sticks out of the page: ${name(e)}`);
    }
    if (["hidden", "clip"].includes(style.overflowY) && !e.matches("select, input")
        && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)) {
      findings.push(`clips its text: ${name(e)}`);
    }
    if (e.matches(BOXES)) {
      const text = document.createRange();
      text.selectNodeContents(e);
      const inner = text.getBoundingClientRect();
      const isFree = scrolls || style.display === "inline" || e.querySelector(".visually-hidden");
      if (inner.width && !isFree && (inner.right > box.right + 1 || inner.left < box.left - 1)) {
        findings.push(`text is wider than its box: ${name(e)}`);
      }
      if (e.matches(".btn, .tag, .chip, .badge, .button, .language") && inner.height > box.height + 1) {
        findings.push(`text is higher than its box: ${name(e)}`);
      }
    }
  }
  for (const e of all.filter(e => e.matches("a[href], button, input:not([type=hidden]), select, textarea, summary"))) {
    const target = (e.matches("[type=radio], [type=checkbox]") && e.closest(".choice, label")) || e;
    const box = target.getBoundingClientRect();
    const isMain = target.matches(".btn, .choice, .language, .nav-row a, select, textarea, .form-control");
    const inText = getComputedStyle(e).display === "inline" && e.parentElement.innerText !== e.innerText;
    const side = Math.min(box.width, box.height);
    if (!inText && side < (isMain ? leastMain : least) - 0.5) {
      findings.push(`is ${Math.round(box.width)} × ${Math.round(box.height)} px small: ${name(e)}`);
    }
  }
  return findings;
}"""


def misfits(page: Page, least: int = 24, least_main: int = 44) -> list[str]:
    """Return what does not fit at the page's width: sideways scrolling, clipped text, small targets.

    `least` is how many pixels every link and field must measure, `least_main` the main ones.
    """
    kinds = Counter()
    findings = []
    for line in page.evaluate(_MISFITS, [least, least_main]):
        kind = re.sub(r"\d+|:.*", "", line)
        kinds[kind] += 1
        findings += [line] if kinds[kind] <= MOST_NODES else []
    return findings


# What its author wrote in one language stands inside an element that says so; a name has none.
_TEXTS = """language => {
  const texts = [document.title], walker = document.createTreeWalker(document.documentElement, 5);
  const foreign = e => e.closest("bdi") || (e.closest("[lang]")?.lang || language) !== language;
  const quoted = [...document.querySelectorAll("body [lang]")].filter(foreign).map(e => e.textContent.trim());
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const e = node.nodeType === 1 ? node : node.parentElement;
    if (foreign(e) || e.closest("script, style, noscript, textarea")) continue;
    if (node.nodeType === 3) texts.push(node.data);
    else for (const name of ["alt", "aria-label", "placeholder", "title", "data-done", "data-failed",
      "data-count", "data-over", "data-text"]) texts.push(e.getAttribute(name) || "");
    if (node.nodeType === 1 && e.matches("[name=description], [property='og:title'], [property='og:description']"))
      texts.push(e.content);
    if (node.nodeType === 1 && e.matches("input[type=submit], input[type=button], input[type=reset]"))
      texts.push(e.value || "");
  }
  return texts.map(text => text.trim()).filter(text => text
    && !quoted.some(other => other.startsWith(text.replace(/…$/, ""))));
}"""
_THAI = re.compile(r"[\u0e00-\u0e7f]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Names, addresses, codes, placeholders and units, which are the same in every language.
_SAME_IN_THAI = re.compile(
    r"""BMA\ Consult | DOCX | Word | Excel | UTF-8 | JSON(?:\ Lines)? | OpenAPI | DCAT | CSV | XLSX | SHA-256 | KB | MB | (?:Ctrl\+)?Enter | Esc | \.(?:csv|jpg|pdf)\b | PDF | JPEG | PNG | WebP | QR | Atom | PDPA | IP
      | Sarabun | Bootstrap | Django | SIL\ Open\ Font\ License | MIT\ License | CCTV | WCAG | AA | JavaScript | axe-core | Chromium | Traffy\ Fondue
      | \(Healthy\ City\) | \(Sub\ Center\) | (?:sample-)?moderator | voter
      | https?://\S+ | [\w.]+@[\w.]+ | (?:www|official)\.[a-z]+\.go\.th | official\.bangkok\.go\.th | \{\w+\} | G67-[\w.-]+
      | 67-[0-9A-Z]{4}-[0-9A-Z]{4} | 67-XXXX-XXXX | (?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}""",
    re.VERBOSE,
)


def foreign_words(page: Page) -> list[str]:
    """Return the texts of the page that are not in its language and do not say which they are in."""
    language = page.locator("html").get_attribute("lang")
    texts = page.evaluate(_TEXTS, language)
    if language == "en":
        return [f"Thai in English: {text[:120]}" for text in texts if _THAI.search(text)]
    return [f"English in Thai: {text[:120]}" for text in texts if _LATIN.search(_SAME_IN_THAI.sub("", text))]


def report(findings: list[str]) -> str:
    """Return distinct findings as one text, in the order in which they were made."""
    return json.dumps(list(dict.fromkeys(findings)), ensure_ascii=False, indent=1)
