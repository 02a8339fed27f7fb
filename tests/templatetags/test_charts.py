from comments.templatetags.charts import bars


def test_the_longest_bar_is_whole_and_the_others_in_proportion():
    assert [bar.width for bar in bars([("a", 50), ("b", 200), ("c", 0), ("d", None)])] == [250, 1000, 0, 0]


def test_unknown_stays_unknown():
    assert [bar.number for bar in bars([("a", 0), ("b", None)])] == [0, None]


def test_nothing_counted_is_no_bar():
    assert [bar.width for bar in bars([("a", 0)])] == [0]
    assert bars([]) == []
