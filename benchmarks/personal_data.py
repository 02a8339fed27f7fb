"""How much personal data is found, and how much else is taken for it.

`python -m benchmarks.personal_data [--texts 10000]`. Part one: precision and recall for each kind on texts that
`benchmarks/labelled.py` makes up, half of them without any personal data but full of what looks like it. Part
two: what is found in real Thai text (CORPORA).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter

from benchmarks.labelled import PERSONAL, labelled
from benchmarks.rows import CORPORA
from comments.text.personal_data import Finding, find


def _is_found(span: tuple[int, int, str], found: list[Finding]) -> bool:
    """Tell whether a finding of the kind covers all of a labelled stretch."""
    return any(one.kind == span[2] and one.start <= span[0] and span[1] <= one.end for one in found)


def _is_right(one: Finding, spans: list[tuple[int, int, str]]) -> bool:
    return any(one.kind == kind and one.start < end and start < one.end for start, end, kind in spans)


def measure_quality(count: int) -> None:
    """Print precision and recall by kind."""
    there, found_there, found, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    worst, spent = 0.0, 0.0
    for case in labelled(count):
        began = time.process_time()
        findings = find(case.text)
        spent += (took := time.process_time() - began)
        worst = max(worst, took)
        there.update(kind for _, _, kind in case.spans)
        found_there.update(span[2] for span in case.spans if _is_found(span, findings))
        found.update(one.kind for one in findings)
        right.update(one.kind for one in findings if _is_right(one, case.spans))
    print(
        f"{count} texts made up, half without personal data; {spent / count * 1e3:.2f} ms each, worst {worst * 1e3:.0f}"
    )
    print(f"{'kind':15} {'there':>6} {'recall':>7} {'found':>6} {'precision':>9}")
    for kind in PERSONAL:
        recall, precision = found_there[kind] / there[kind], right[kind] / max(1, found[kind])
        print(f"{kind:15} {there[kind]:6} {recall:7.3f} {found[kind]:6} {precision:9.3f}")


def measurecorpora() -> None:
    """Print what is found in real text, by kind and severity, in 10,000 lines."""
    for name, lines in corpora().items():
        hits = Counter((one.kind, one.severity) for line in lines for one in find(line))
        print(f"\n{name}: {len(lines)} lines; hits in 10,000 lines")
        for (kind, severity), count in sorted(hits.items()):
            print(f"{kind:15} {severity:7} {count / len(lines) * 10_000:7.1f}")


def corpora() -> dict[str, list[str]]:
    """Return the lines of each corpus that is there."""
    social = [
        line
        for path in sorted(CORPORA.glob("wisesight_*.txt"))
        for line in path.read_text("utf-8").splitlines()
    ]
    path = CORPORA / "thaigov_consultation_sample.jsonl"
    rows = path.read_text("utf-8").splitlines() if path.exists() else []
    public = [line for row in rows for line in json.loads(row)["text"].splitlines() if line.strip()]
    found = {"social posts (Wisesight)": social, "government news on consultations": public}
    return {name: lines for name, lines in found.items() if lines}


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    measure_quality(parser.parse_args().texts)
    measurecorpora()


if __name__ == "__main__":
    main()
