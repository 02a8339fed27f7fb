"""A file is kept, checked row by row, and its rows added exactly once."""

import json

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from comments import tally
from comments.exports import download
from comments.imports import batches, notes
from comments.models import (
    Contact,
    ImportBatch,
    ImportRow,
    Meeting,
    Plan,
    Sector,
    Submission,
    SubmissionEvent,
)
from tests.factories import receive, staff, submission
from tests.spreadsheets import WORDS, csv_bytes, opinions, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
Mode, Fate = ImportBatch.Mode, ImportRow.Fate


def checked(data, **columns):
    """Keep and check a file as it is understood by itself."""
    batch = batches.keep(data, "a.csv", plan=Plan.objects.current(), actor=staff("planner"), **columns)
    batches.check(batch, header_row=batch.header_row, columns=batch.columns)
    return batch


def added(data, mode=Mode.SKIP_BAD, takes_twins=False, **columns):
    batch = checked(data, **columns)
    batches.start(batch, mode=mode, takes_twins=takes_twins)
    while not batches.go_on(batch, seconds=0):
        pass
    return batch


def fates(batch):
    return {fate: count for fate, count in tally.import_fates(batch).by_fate.items() if count}


def told(batch):
    """Return code and column of every note, by the number of the row."""
    rows = batch.rows.exclude(told="").order_by("number")
    return {row.number: [(code, field) for code, field, _ in json.loads(row.told)] for row in rows}


FULL = [
    [
        "วันที่",
        "ความคิดเห็น",
        "ภาคส่วน",
        "เขต",
        "เป้าหมาย",
        "จุดยืน",
        "ประเภท",
        "ชื่อ",
        "ยินยอมให้แสดงชื่อ",
        "โทรศัพท์",
        "อีเมล",
    ],
    [
        44615,
        " =ขอให้มีทางเท้า\nที่เดินได้จริง ",
        "ประชาชน",
        "เขตพระนคร",
        "G67-1.1-01",
        "เห็นด้วย แต่ควรปรับปรุง",
        "ความต้องการ",
        "นามปากกา",
        "ใช่",
        812345678,
        "a@example.com",
    ],
]


def test_a_row_becomes_an_opinion_with_all_that_it_says():
    added(xlsx_bytes(FULL))
    row = Submission.objects.get()
    assert row.body == FULL[1][1]
    assert (row.channel, row.sector.key, row.district.code) == ("import", "citizen", "1001")
    assert (row.goal.code, row.stance, row.kind) == ("G67-1.1-01", "agree_with_changes", "need")
    assert (row.public_name, row.status) == ("นามปากกา", "pending")
    assert timezone.localtime(row.received_at).isoformat() == "2022-02-23T12:00:00+07:00"
    contact = Contact.objects.get()
    assert (contact.phone, contact.email, contact.wants_updates) == ("0812345678", "a@example.com", False)
    assert SubmissionEvent.objects.get().actor == staff("planner")


def test_what_is_wrong_is_said_for_each_row_and_column_in_the_readers_language():
    rows = [
        FULL[0],
        ["31/02/2565", "น้ำท่วมหน้าบ้านทุกครั้งที่ฝนตก", "ประชาชน", "พระนคนร", "G00", "ชอบ", "", "", "", "12", "x"],
        ["", "สั้น", "", "", "", "", "", "ก" * 121, "", 812345678, ""],
        ["23/02/2565", "ก" * 1_000_000, "ประชาชน", "", "", "", "", "", "", "", ""],
        ["01/01/2600", "น้ำท่วมหน้าบ้าน\x00ทุกครั้งที่ฝนตก", "ประชาชน", "", "", "", "", "", "", "", ""],
        ["23/02/2540", "น้ำท่วมหน้าบ้านทุกครั้งที่ฝนตก", "ประชาชน", "", "", "", "", "", "", "", ""],
    ]
    batch = checked(csv_bytes(rows))
    assert fates(batch) == {Fate.ERROR: 5}
    assert told(batch) == {
        2: [
            ("not_known", "goal"),
            ("not_known_but", "district"),
            ("not_known", "stance"),
            ("not_an_email", "email"),
            ("not_a_phone", "phone"),
            ("not_a_date", "received_at"),
        ],
        3: [
            ("too_short", "body"),
            ("missing", "sector"),
            ("too_long", "display_name"),
            ("zero_put_back", "phone"),
        ],
        4: [("too_long", "body")],
        5: [("nul", "body"), ("future", "received_at")],
        6: [("closed", "received_at")],
    }
    row = batch.rows.get(number=2)
    assert "เขต: ไม่รู้จัก “พระนคนร” หมายถึง “พระนคร” หรือไม่" in notes.said(row)
    with translation.override("en"):
        assert "District: “พระนคนร” is not known. Is “พระนคร” meant?" in notes.said(row)


def test_a_dash_says_nothing_even_where_a_title_is_of_signs_alone():
    Meeting.objects.update(title_en="-")
    batch = checked(csv_bytes([["ความคิดเห็น", "ภาคส่วน", "เป้าหมาย", "การประชุม"], [WORDS, "ประชาชน", "-", "-"]]))
    assert told(batch) == {}
    assert fates(batch) == {Fate.ADD: 1}


def test_what_is_no_reference_finds_nothing():
    batch = checked(csv_bytes([["ความคิดเห็น", "ภาคส่วน", "หมายเลขอ้างอิง"], [WORDS, "ประชาชน", "67-\x00"]]))
    assert fates(batch) == {Fate.ADD: 1}


def test_a_formula_without_a_result_is_an_error_of_its_row():
    batch = checked(xlsx_bytes([*opinions(1), ["=A2", "ประชาชน"]]))
    assert told(batch) == {3: [("no_result", "body")]}


def test_the_same_file_again_adds_nothing_and_a_longer_one_only_what_is_new():
    added(csv_bytes(opinions(3)))
    assert fates(added(xlsx_bytes(opinions(3)))) == {Fate.THERE: 3}
    header, *rows = opinions(5)
    assert fates(checked(csv_bytes([header, *reversed(rows)], "cp874"))) == {Fate.ADD: 2, Fate.THERE: 3}
    added(csv_bytes([header, *reversed(rows)], "cp874"))
    assert Submission.objects.count() == 5


def test_repeated_rows_are_left_out_or_added_as_one_chooses_and_never_twice():
    header, row = opinions(1)
    data = csv_bytes([header, row, row, [row[0] + "  ", row[1]]])
    batch = checked(data)
    assert fates(batch) == {Fate.ADD: 1, Fate.TWIN: 2}
    assert told(batch) == {3: [("repeats", "")], 4: [("repeats", "")]}
    added(data)
    assert Submission.objects.count() == 1
    assert fates(added(data, takes_twins=True)) == {Fate.THERE: 1, Fate.ADDED: 2}
    assert fates(added(data, takes_twins=True)) == {Fate.THERE: 3}
    assert Submission.objects.count() == 3


def test_what_is_wrong_is_left_out_or_stops_everything():
    data = csv_bytes([*opinions(3), ["สั้น", "ภาคประชาชน"]])
    batch = checked(data)
    with pytest.raises(batches.RowsAreWrongError):
        batches.start(batch, mode=Mode.ALL_OR_NOTHING, takes_twins=False)
    assert not Submission.objects.exists()
    assert fates(added(data)) == {Fate.ADDED: 3, Fate.ERROR: 1}
    assert Submission.objects.count() == 3


def test_after_a_stop_in_the_middle_the_rest_is_added_exactly_once():
    batch = checked(csv_bytes(opinions(130)))
    batches.start(batch, mode=Mode.SKIP_BAD, takes_twins=False)
    assert not batches.go_on(batch, seconds=0)
    assert Submission.objects.count() == 100
    other = ImportBatch.objects.get(pk=batch.pk)
    while not batches.go_on(other, seconds=0):
        pass
    assert batches.go_on(batch, seconds=0)
    assert fates(batch) == {Fate.ADDED: 130}
    assert Submission.objects.count() == SubmissionEvent.objects.count() == 130


def test_a_file_that_is_being_added_is_not_checked_anew_nor_begun_again():
    batch = checked(csv_bytes(opinions(60)))
    batches.start(batch, mode=Mode.SKIP_BAD, takes_twins=False)
    with pytest.raises(batches.TooLateError):
        batches.check(batch, header_row=1, columns={0: "body"})
    with pytest.raises(batches.TooLateError):
        batches.start(batch, mode=Mode.SKIP_BAD, takes_twins=False)


def test_a_row_that_can_no_longer_be_added_is_told_and_the_others_are():
    batch = checked(
        csv_bytes(
            [
                ["body", "sector"],
                *([row[0], key] for row, key in zip(opinions(2)[1:], ["citizen", "academic"], strict=True)),
            ]
        )
    )
    batches.start(batch, mode=Mode.SKIP_BAD, takes_twins=False)
    Sector.objects.get(key="academic").delete()
    batches.go_on(batch, seconds=0)
    assert fates(batch) == {Fate.ADDED: 1, Fate.ERROR: 1}
    assert told(batch) == {3: [("refused", "")]}


def test_the_file_is_kept_as_it_came_and_nothing_of_it_lies_in_clear():
    data = xlsx_bytes(FULL)
    batch = checked(data)
    assert batches.original(batch) == data
    with default_storage.open(str(batch.file)) as file:
        assert not file.read().startswith(b"PK")
    stored = ImportRow.objects.extra(select={"raw": "said", "heard": "told"}).get()
    assert "0812345678" in stored.said
    assert "0812345678" not in stored.raw + stored.heard
    batches.start(batch, mode=Mode.SKIP_BAD, takes_twins=False)
    batches.go_on(batch, seconds=0)
    assert not ImportRow.objects.exclude(said="").exists()


def test_what_the_file_as_a_whole_says_holds_for_rows_that_say_nothing():
    data = csv_bytes([["body"], [WORDS.format(1)]])
    assert told(checked(data)) == {2: [("missing", "sector")]}
    batch = added(data, sector=Sector.objects.get(key="academic"), received_on=timezone.localdate())
    row = Submission.objects.get()
    assert row.sector.key == "academic"
    assert row.received_at <= timezone.now()
    assert fates(batch) == {Fate.ADDED: 1}


def test_an_exported_file_adds_nothing_where_its_opinions_are_and_all_elsewhere(tmp_path):
    submission(
        "published", body="=1+1 น้ำท่วมหน้าบ้านทุกครั้ง", display_name="นามปากกา", shows_name=True, goal="G67-1.1-01"
    )
    receive(body="'ขอให้ดูแลต้นไม้ริมถนนให้ดี", is_outside_bangkok=True)
    with (tmp_path / "a.csv").open("wb") as file:
        download.write_submissions(Submission.objects.all(), file)
    data = (tmp_path / "a.csv").read_bytes()
    assert fates(checked(data)) == {Fate.THERE: 2}
    elsewhere = data.replace(b"\r\n67-", b"\r\n66-")
    assert fates(added(elsewhere)) == {Fate.ADDED: 2}
    first, second, *copies = Submission.objects.order_by("pk")
    for one, copy in zip((first, second), copies, strict=True):
        for name in (
            "body",
            "goal",
            "sector",
            "district",
            "is_outside_bangkok",
            "public_name",
            "about",
            "kind",
        ):
            assert getattr(one, name) == getattr(copy, name)
        assert one.received_at.replace(microsecond=0) == copy.received_at
