"""Many at the door at once, on a real server: each code lets one in, and guesses are counted."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.telephone import PASSWORD, code

AT_ONCE = 8
_FILL = f"""
from django.contrib.auth.models import User
from django.utils import timezone
from comments import second_factor
from tests.telephone import code
user = User.objects.create_user("somebody", password="{PASSWORD}", is_staff=True)
key, before = second_factor.draw_key(), timezone.now() - timezone.timedelta(seconds=30)
print(key, second_factor.enrol(user, key, code(key, at=before), at=before)[0])
"""


class Visitor:
    """Somebody with a browser of their own, who has shown the password."""

    def __init__(self, url):
        self.url, self.jar = url, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        self.opener.open(f"{url}/admin/login/").read()
        self.send("/admin/login/", username="somebody", password=PASSWORD)

    def send(self, path, **fields):
        """Post a form; return what came of it: in, or not."""
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        data = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        try:
            page = self.opener.open(self.url + path, data).read().decode()
        except HTTPError as error:
            return error.code
        return "in" if "logout-form" in page else "out"


def at_once(deeds):
    gate = Barrier(len(deeds))

    def go(deed):
        gate.wait(timeout=60)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(go, deeds))


def test_of_many_with_one_code_one_gets_in_and_guesses_at_once_are_all_counted(server_stage):
    with server_stage.server(STAFF_TWO_FACTOR="on") as server:
        key, recovery = server.shell(_FILL).split()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            visitors = list(pool.map(Visitor, [server.url] * AT_ONCE))

        def all_send(shown, people):
            return at_once([lambda one=one: one.send("/admin/second-step/", code=shown) for one in people])

        assert all_send(code(key), visitors[:4]) == {"in": 1, "out": 3}
        assert all_send(recovery, visitors[4:6]) == {"in": 1, "out": 1}
        counted = "SELECT kind, count(*) FROM comments_signin GROUP BY kind"
        assert dict(server.query(counted)) == {"signed_in": 2, "recovered": 1, "code_refused": 4}
        all_send("nothing", visitors[6:] * 4)
        assert dict(server.query(counted))["code_refused"] == 5
