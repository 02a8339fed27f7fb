import hashlib
import io

import pytest

from comments.exports.growing import Growing

MIB = 1 << 20


@pytest.mark.parametrize("sizes", [[], [1], [MIB - 1, 1, 0, 1], [3 * MIB + 1, 5], [400_000] * 8])
def test_everything_arrives_in_order_and_is_hashed(sizes):
    file, pieces = io.BytesIO(), [bytes([65 + n]) * size for n, size in enumerate(sizes)]
    with Growing(file) as growing:
        for piece in pieces:
            growing.write(piece)
        assert growing.tell() == sum(sizes)
        assert growing.hexdigest() == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert file.getvalue() == b"".join(pieces)
