from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

ROWS = """
from comments import answering
from comments.models import DevelopmentGoal, District
from tests.factories import submission
goal, district = DevelopmentGoal.objects.get(code="G67-4.3-01"), District.objects.get(code="1001")
for n, stance in enumerate(("agree", "disagree", "neutral", "agree")):
    submission("published", body=f"ขอให้ปลูกต้นไม้ริมคลองข้างบ้านเลขที่ {n} ให้ร่มรื่นกว่านี้อีกมากนะคะ", stance=stance)
    submission("published", body=f"{n} <b>&amp;</b> {{{{ n }}}} {n * 7919} " * 4, stance=stance, goal=goal, district=district)
"""
RESULTS = ("/results/", "/en/results/")
ARRIVES = "from tests.factories import submission; submission(key='later', sector='academic')"
IS_SHOWN = """
from tests.factories import submission
from comments.models import DevelopmentGoal
for n in range(6):
    words = f"{n * 7919} ขอให้มีสวนใกล้บ้านทุกเขตค่ะ " * (n + 2)
    submission("published", key=f"shown {n}", body=words, goal="G67-4.3-01", stance="disagree", is_outside_bangkok=True)
"""
ASKED = (
    "", "?sort=oldest", "?sort=agreed", "?goal=G67-4.3-01", "?stance=agree", "?stance=disagree&sector=citizen",
    "?district=1001", "?district=outside", "?strategy=4&sort=oldest", "?kind=need", "?q=" + quote('"><b>ต้นไม้'),
    "?q=" + quote("ต้นไม้") + "&stance=agree", "?q=%20", "?goal=none", "?campaign=1", "?sort=best",
)  # fmt: skip
PAGES = (
    "/", "/goals/", "/goals/G67-4.3-01/", "/goals/G67-4.3-01/?stance=agree&sort=oldest", "/meetings/", "/results/", "/about/",
    "/privacy/", "/accessibility/", "/open-data/", "/nowhere/",
)  # fmt: skip


def drawn(server, path, host="127.0.0.1"):
    """Return a page without the name of the host, under which it is kept."""
    address = server.url.replace("127.0.0.1", host)
    try:
        with urlopen(address + path) as answer:
            page = answer.read().decode()
    except HTTPError as error:
        with error:
            page = error.read().decode()
    return page.replace(address, "")


def test_every_page_from_memory_is_the_page_drawn_without(server_stage):
    """Twice, in two orders: what one page left in memory must not show on another."""
    with server_stage.server(WEB_CONCURRENCY="1") as remembers:
        remembers.shell(ROWS)
        url = remembers.database.url
        with server_stage.server(WEB_CONCURRENCY="1", DATABASE_URL=url, KEPT_PAGES_MB="0") as forgets:
            thai = [*PAGES, *(f"/comments/{query}" for query in ASKED)]
            paths = [path for one in thai for path in (one, f"/en{one}")]
            whole = {path: drawn(forgets, path) for path in paths}
            for host, order in (("127.0.0.1", paths), ("localhost", paths[::-1])):
                for path in order:
                    assert drawn(remembers, path, host) == whole[path], path
            # Now the pages are there, and are asked for under another address by one that remembers what they were drawn of.
            for number, deed in enumerate((ARRIVES, IS_SHOWN)):
                remembers.shell(deed)
                for path in RESULTS:
                    now = drawn(forgets, path)
                    assert now != whole[path]
                    assert drawn(remembers, f"{path}?x={number}").replace(f"?x={number}", "") == now
                    whole[path] = now
