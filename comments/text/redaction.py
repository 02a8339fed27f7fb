"""Cover parts of a text before the public reads it; the original stays as it is."""

from __future__ import annotations

from collections.abc import Iterable

from comments.text.spans import Span, clean

# Always the same, so that nobody can count the characters that it covers.
MARK = "▇▇▇"


def apply(text: str, spans: Iterable[tuple[int, int]], *, within: tuple[int, int] | None = None) -> str:
    """Return `text` with a mark in the place of each of `spans`; the rest is untouched.

    Spans are (start, end) in code points, in any order; where they meet they become one, and they
    widen to whole graphemes. `within` returns only that part of the covered text. Raises ValueError
    for a span that is empty or reaches outside of `text`.

    >>> apply("โทร 081-000-0000 นะคะ", [(4, 16)])
    'โทร ▇▇▇ นะคะ'
    >>> apply("โทร 081-000-0000 นะคะ", [(4, 16)], within=(10, 21))
    '▇▇▇ นะคะ'
    """
    first, last = clean(text, [within])[0] if within else Span(0, len(text))
    public: list[str] = []
    position = first
    for start, end in clean(text, spans):
        if end <= first or start >= last:
            continue
        public += (text[position:start], MARK)
        position = end
    public.append(text[position:last])
    return "".join(public)
