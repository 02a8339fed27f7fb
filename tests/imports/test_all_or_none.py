"""All rows of a file are prepared bit by bit, and then added in one transaction, or none."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from comments import tally
from comments.imports import batches
from comments.models import Band, ImportBatch, ImportRow, Plan, SearchEntry, Submission
from tests.imports.test_batches import added, checked, fates
from tests.spreadsheets import csv_bytes, opinions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
Mode, Fate = ImportBatch.Mode, ImportRow.Fate


def test_all_rows_are_added_in_one_transaction_or_none():
    assert fates(added(csv_bytes(opinions(60)), Mode.ALL_OR_NOTHING)) == {Fate.ADDED: 60}
    batch = checked(csv_bytes(opinions(60, first=100)))
    batches.start(batch, mode=Mode.ALL_OR_NOTHING, takes_twins=False)
    Plan.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(batches.RowsAreWrongError) as wrong:
        batches.go_on(batch, seconds=0)
    assert wrong.value.number == 2
    assert Submission.objects.count() == 60
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.CHECKED
    assert fates(batch) == {Fate.ADD: 60}


def test_all_rows_or_none_are_prepared_step_by_step_and_then_added_at_once():
    batch = checked(csv_bytes(opinions(130)))
    batches.start(batch, mode=Mode.ALL_OR_NOTHING, takes_twins=False)
    other = ImportBatch.objects.get(pk=batch.pk)
    assert not batches.go_on(batch, seconds=0)
    assert (tally.import_fates(batch).handled, Submission.objects.count()) == (100, 0)
    # Who was slower keeps nothing over what the other has done.
    assert not batches.go_on(other, seconds=60)
    assert other.worked_to == batch.worked_to
    assert batches.go_on(other, seconds=60)
    assert (fates(batch), Submission.objects.count()) == ({Fate.ADDED: 130}, 130)
    assert batches.go_on(batch, seconds=60)
    assert not ImportRow.objects.exclude(said="").exists()


def test_both_ways_to_add_store_the_same():
    stored = []
    for mode in Mode:
        with transaction.atomic():
            added(csv_bytes([*opinions(3), ["ด่วน!!! โทร 081-000-0000 ทางเท้าพังหน้าโรงเรียน", "ประชาชน"]]), mode)
            rows = Submission.objects.order_by("pk")
            derived = rows.values_list("body", "language", "fingerprint", "attention", "received_at__year")
            entries = SearchEntry.objects.order_by("position").values_list(
                "text", "leaves", "scope", "version"
            )
            bands = [
                set(Band.objects.filter(submission=row).values_list("number", flat=True)) for row in rows
            ]
            stored.append((list(derived), list(entries), bands))
            transaction.set_rollback(True)
    assert stored[0] == stored[1]
    assert any(stored[0][2])
