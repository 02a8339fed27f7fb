import re
from itertools import product

import pytest

from comments.templatetags.qr_codes import QUIET, qr_code, without_scheme

ADDRESS = "https://consult.example.org/en/m/12"
# How many codewords of each block are data, at the level that stands a quarter of damage.
BLOCKS = {1: [13], 2: [22], 3: [17, 17], 4: [24, 24]}
ALIGNMENT = {1: None, 2: 18, 3: 22, 4: 26}
MASKS = [
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _: y % 2 == 0,
    lambda _, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
]


def modules(code):
    """Return the dark modules that the path of an SVG paints."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", code.path)
    assert "".join(f"M{x} {y}h{n}v1h-{back}z" for x, y, n, back in runs) == code.path
    return {(int(y) - QUIET, int(x) - QUIET + step) for x, y, n, _ in runs for step in range(int(n))}


def is_pattern(y, x, side, version):
    """Tell whether a module helps to find the code, and carries no data."""
    middle = ALIGNMENT[version]
    return (
        6 in (y, x)
        or (y < 9 and (x < 9 or x >= side - 8))
        or (x < 9 and y >= side - 8)
        or (middle is not None and abs(y - middle) < 3 and abs(x - middle) < 3)
    )


def read(code):
    """Read a QR code as a camera would, by ISO/IEC 18004, without mending damage: versions 1 to 4."""
    side = code.side - 2 * QUIET
    version, dark = (side - 17) // 4, modules(code)
    assert all(0 <= y < side and 0 <= x < side for y, x in dark)
    told = "".join(str(int((8, x) in dark)) for x in (0, 1, 2, 3, 4))
    told = int(told, 2) ^ 0b10101
    assert told >> 3 == 0b11
    mask = MASKS[told & 0b111]
    bits, up = [], True
    for right in (x - (x <= 6) for x in range(side - 1, 0, -2)):
        rows = range(side - 1, -1, -1) if up else range(side)
        cells = product(rows, (right, right - 1))
        bits += [((y, x) in dark) ^ mask(y, x) for y, x in cells if not is_pattern(y, x, side, version)]
        up = not up
    octets = [int("".join(str(int(bit)) for bit in bits[n : n + 8]), 2) for n in range(0, len(bits) - 7, 8)]
    blocks = BLOCKS[version]
    data = [octets[n * len(blocks) + block] for block, size in enumerate(blocks) for n in range(size)]
    stream = "".join(f"{octet:08b}" for octet in data)
    assert stream[:4] == "0100"
    length = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * n : 20 + 8 * n], 2) for n in range(length)).decode()


@pytest.mark.parametrize(
    "address", ["http://a.th/m/1", "http://127.0.0.1:8000/m/1", ADDRESS, ADDRESS + "3456789"]
)
def test_what_is_drawn_reads_as_the_address(address):
    assert read(qr_code(address)) == address


def test_there_is_white_around_it():
    code = qr_code(ADDRESS)
    rows, columns = zip(*modules(code), strict=True)
    assert {min(rows), min(columns)} == {0}
    assert {max(rows), max(columns)} == {code.side - 2 * QUIET - 1}


def test_people_read_the_address_without_its_scheme():
    assert without_scheme(ADDRESS) == "consult.example.org/en/m/12"
