"""How often a text on public consultation is nudged: `python -m benchmarks.tone`.

Government news on consultations hold no abuse and no single complaint, so every nudge for these is a false one;
social posts stand beside them for comparison.
"""

from __future__ import annotations

import time
from collections import Counter

from benchmarks.personal_data import corpora
from comments.text.tone import nudges


def main() -> None:
    """Print nudges in 1,000 lines by code."""
    for name, lines in corpora().items():
        began = time.process_time()
        raised = Counter(nudge.code for line in lines for nudge in nudges(line))
        spent = (time.process_time() - began) / len(lines)
        print(f"{name}: {len(lines)} lines, {spent * 1e3:.2f} ms each; nudges in 1,000 lines")
        for code in ("link", "shouting", "repetition", "profanity", "street_level"):
            print(f"  {code:13} {raised[code] / len(lines) * 1_000:6.1f}")


if __name__ == "__main__":
    main()
