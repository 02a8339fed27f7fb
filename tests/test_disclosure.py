"""No small number can be found, by a reader who tries every table that says the same."""

from itertools import chain, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.disclosure import LEAST, Arc, Cell, grid, line, protect, split

FEW = range(LEAST)


def told_range(cell, most):
    """Return the numbers that a cell alone may be."""
    return range(cell.least, (most if cell.most is None else cell.most) + 1)


def suppositions(cells, total):
    """Yield every list of numbers that reads like `cells` and adds up to `total`."""
    head, *rest = cells
    if not rest:
        if total in told_range(head, total):
            yield (total,)
        return
    for number in told_range(head, total):
        for others in suppositions(rest, total - number):
            yield (number, *others)


def grids_alike(told):
    """Yield every table of numbers that reads like `told`, tried row by row."""
    rows = [
        [row for total in told_range(whole, told.total) for row in suppositions(cells, total)]
        for cells, whole in zip(told.rows, told.row_totals, strict=True)
    ]
    for table in product(*rows):
        columns = [sum(column) for column in zip(*table, strict=True)]
        if sum(columns) == told.total and all(
            number in told_range(cell, told.total)
            for number, cell in zip(columns, told.column_totals, strict=True)
        ):
            yield table


def reads_like(told, counts):
    if not any(counts):
        assert set(told) == {Cell(0)}
        return
    for cell, number in zip(told, counts, strict=True):
        if number < LEAST:
            assert cell == Cell(None, is_small=True)
        else:
            assert cell in (Cell(number), Cell(None))


@pytest.mark.parametrize(
    ("counts", "numbers"),
    [
        ((30, 20, 12), [30, 20, 12]),
        # Of one small number alone the next larger one is hidden too, and of two that can't be 4 each.
        ((30, 20, 2), [30, None, None]),
        ((30, 20, 2, 1), [30, None, None, None]),
        ((30, 20, 2, 2, 2, 2), [30, 20, None, None, None, None]),
        # Three of 4 can't make room for each other.
        ((30, 20, 4, 4, 4), [30, None, None, None, None]),
        ((0, 0), [0, 0]),
        # None at all says as little as one: it is no way to tell the others.
        ((30, 20, 3, 0), [30, None, None, None]),
        # A 5 can't become smaller and still be "5 or more", so it is no help.
        ((30, 5, 1), [None, 5, None]),
    ],
)
def test_a_small_number_takes_others_with_it_until_subtraction_fails(counts, numbers):
    told = line(counts)
    assert [cell.number for cell in told.cells] == numbers
    assert told.total == sum(counts)


@pytest.mark.parametrize("counts", [(3,), (0, 0, 0, 3, 5), (5, 1), (5, 5, 4)])
def test_a_list_that_would_give_a_small_number_away_is_left_out_or_gives_nothing_away(counts):
    told = line(counts)
    if told is not None:
        found = list(suppositions(told.cells, told.total))
        for place, cell in enumerate(told.cells):
            if cell.is_small and counts[place]:
                assert {table[place] for table in found} == set(FEW)


def test_a_single_small_group_is_left_out():
    assert line((3,)) is None
    assert line((5, 1)) is None
    assert grid(((3, 0), (0, 5))) is None


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5).map(tuple))
@settings(max_examples=100)
def test_each_small_number_of_a_list_can_be_every_small_number(counts):
    told = line(counts)
    if told is None:
        return
    reads_like(told.cells, counts)
    found = list(suppositions(told.cells, told.total))
    assert counts in found
    for place, cell in enumerate(told.cells):
        if cell.is_small and counts[place]:
            assert {table[place] for table in found} >= {n for n in FEW if n <= told.total}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=2, max_size=3).map(tuple))
@settings(max_examples=60)
def test_each_small_number_of_a_table_can_be_every_small_number(rows):
    told = grid(rows)
    if told is None or not told.total:
        return
    found = [flat(table) for table in grids_alike(told)]
    cells = [*chain(*told.rows), *told.row_totals, *told.column_totals]
    reads_like(cells, flat(rows))
    assert flat(rows) in found
    for place, (cell, number) in enumerate(zip(cells, flat(rows), strict=True)):
        if cell.is_small and number:
            assert {table[place] for table in found} == set(FEW)


def flat(table):
    """Return the numbers of a table with the totals of its rows and columns."""
    return [*chain(*table), *map(sum, table), *map(sum, zip(*table, strict=True))]


def bounds(arcs, told):
    """Return what interval arithmetic over all totals finds: an attacker who needs no enumeration."""
    low = [arc.count if arc.is_told else cell.least for arc, cell in zip(arcs, told, strict=True)]
    top = sum(arc.count for arc in arcs)
    high = [
        arc.count if arc.is_told else top if cell.most is None else cell.most
        for arc, cell in zip(arcs, told, strict=True)
    ]
    nodes = {arc.tail for arc in arcs}
    for _round in range(50):
        for node in nodes:
            into = [n for n, arc in enumerate(arcs) if arc.head == node]
            out = [n for n, arc in enumerate(arcs) if arc.tail == node]
            for here, there in ((into, out), (out, into)):
                for n in here:
                    rest = [m for m in here if m != n]
                    low[n] = max(low[n], sum(low[m] for m in there) - sum(high[m] for m in rest))
                    high[n] = min(high[n], sum(high[m] for m in there) - sum(low[m] for m in rest))
    return low, high


def circulation(rows, tells_columns):
    columns = list(zip(*rows, strict=True))
    return [
        *(Arc(f"r{i}", f"c{j}", n) for i, row in enumerate(rows) for j, n in enumerate(row)),
        *(Arc("in", f"r{i}", sum(row)) for i, row in enumerate(rows)),
        *(Arc(f"c{j}", "out", sum(column), tells_columns) for j, column in enumerate(columns)),
        Arc("out", "in", sum(map(sum, rows)), is_told=True),
    ]


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.tuples(*[st.one_of(st.integers(0, 6), st.integers(0, 60))] * width), min_size=1, max_size=6
        )
    ),
    st.booleans(),
)
@settings(max_examples=100)
def test_an_attacker_with_intervals_learns_nothing_from_larger_tables(rows, tells_columns):
    arcs = circulation(rows, tells_columns)
    told = protect(arcs)
    if told is None:
        return
    low, high = bounds(arcs, told)
    for n, (arc, cell) in enumerate(zip(arcs, told, strict=True)):
        assert low[n] <= arc.count <= high[n]
        if cell.is_small and arc.count:
            known = [
                other.count
                for other in arcs
                if other.is_told and {arc.tail, arc.head} & {other.tail, other.head}
            ]
            assert (low[n], high[n]) == (0, min([LEAST - 1, *known]))


def test_the_attacker_finds_what_is_hidden_badly():
    arcs = circulation([(20, 2), (30, 40)], tells_columns=False)
    hidden_alone = [Cell(None, is_small=True) if arc.count == 2 else Cell(arc.count) for arc in arcs]
    low, high = bounds(arcs, hidden_alone)
    assert low == high
    assert (2,) in {table[1:] for table in suppositions([Cell(20), Cell(None, is_small=True)], 22)}


def test_a_total_of_some_is_hidden_when_the_rest_is_small():
    told = split((30, 20), (2, 1))
    assert told.inside_total.number is None
    assert [cell.number for cell in told.inside].count(None) <= 1
    assert all(cell.is_small for cell in told.outside)
    assert split((30, 20), (12, 15)).inside_total == Cell(50)


def test_totals_that_everybody_knows_stay_and_bound_what_is_in_them():
    told = grid(((3, 1), (40, 1), (50, 0)), tells_columns=True)
    assert [cell.number for cell in told.column_totals] == [93, 2]
    assert all(row[1].is_small for row in told.rows)
