"""Copies of one text that many people send at once, to a real server, are one campaign."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.test_parallel import Sender
from tests.text.test_similarity import TEMPLATE

AT_ONCE = 12


def test_copies_sent_at_once_find_each_other(server):
    senders = [Sender(server.url) for _ in range(AT_ONCE)]
    forms = [
        sender.drawn_form() | {"body": f"{TEMPLATE} {'ก' * (number % 3)}", "sector": "citizen"}
        for number, sender in enumerate(senders)
    ]
    gate = Barrier(AT_ONCE)

    def send(pair):
        sender, fields = pair
        gate.wait(timeout=30)
        return sender.send(fields)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        receipts = list(pool.map(send, zip(senders, forms, strict=True)))
    assert len(set(receipts)) == AT_ONCE
    assert server.query("SELECT count(*), count(DISTINCT campaign_id) FROM comments_submission") == [
        (AT_ONCE, 1)
    ]
    assert server.query("SELECT count(*) FROM comments_submission WHERE campaign_id IS NULL") == [(0,)]
    assert server.query("SELECT count(*) FROM comments_campaign") == [(1,)]
