"""What a citizen, and one of the staff, does with the site; each deed tells how it ended."""

import asyncio
import base64
import gzip
import json
import random
import re
import uuid
from asyncio import sleep as pause
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.load.client import Answer, Client
from tests.load.ledger import MARK, Ledger

FORM = "application/x-www-form-urlencoded"
READ = ["/", "/comments/", "/goals/", "/goals/G67-1.1-01/", "/meetings/", "/results/"]
SEARCHED = ["ทางเท้า", "น้ำท่วม", "รถเมล์", "ต้นไม้", "ฝุ่น"]
SYLLABLES = [
    "บาง",
    "คลอง",
    "ลาน",
    "สวน",
    "ริม",
    "ตลาด",
    "หมู่",
    "ใหญ่",
    "น้อย",
    "ไม้",
    "เรือ",
    "ทอง",
    "ทาง",
    "รถ",
    "น้ำ",
    "ไฟ",
    "เมือง",
    "บ้าน",
]
# The smallest picture there is: one pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# By these words nginx, which has no place for them, sends people back to what they wrote (static/busy.html).
GO_BACK = "โปรดกดปุ่มย้อนกลับ"


@dataclass
class City:
    """Everybody who uses one server in one run, and what they know of it."""

    url: str
    ledger: Ledger
    chance: random.Random = field(default_factory=random.SystemRandom)
    # How long somebody goes on trying to send their opinion, in seconds; nought is once.
    insists: float = 0
    # The part of all sendings whose sender leaves before the answer.
    hangs_up: float = 0
    # The session of one of the staff.
    staff: str = ""
    patience: float = 30
    token: str = ""
    receipts: list[tuple[str, str]] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    _numbers: int = 0

    def client(self, *, cookies: str = "") -> Client:
        """Return a browser at an address of its own."""
        address = ".".join(str(self.chance.randint(1, 250)) for _ in range(4))
        return Client(self.url, address, cookies, self.patience)

    async def begin(self) -> None:
        """Draw the form, whose token is good for all of them."""
        answer = await self.client().get("/submit/")
        while answer.status == 503:
            await pause(1)
            answer = await self.client().get("/submit/")
        self.token = answer.cookies["csrftoken"]

    async def read(self) -> str:
        """Open one of the pages that everybody reads."""
        return _outcome(await self.client().get(self.chance.choice(READ)))

    async def search(self) -> str:
        """Search for a word."""
        word = urlencode({"q": self.chance.choice(SEARCHED)})
        return _outcome(await self.client().get(f"/comments/?{word}"))

    async def draw(self) -> str:
        """Open the form."""
        return _outcome(await self.client().get("/submit/"))

    async def vote(self) -> str:
        """Agree with a goal."""
        body = urlencode({"value": self.chance.choice(["agree", "disagree"])}).encode()
        answer = await self.client().post("/goals/G67-1.1-01/vote/", FORM, body)
        if answer.status == 307:
            known = self.client(cookies=f"voter={answer.cookies['voter']}")
            answer = await known.post(answer.headers["location"][0], FORM, body)
        return _outcome(answer)

    async def look_up(self) -> str:
        """Look up what became of an opinion that was sent before."""
        if not self.receipts:
            return "none"
        reference, secret = self.chance.choice(self.receipts)
        fields = {"reference": reference, "secret": secret} | self._token()
        answer = await self._own().post("/receipt/", FORM, urlencode(fields).encode())
        return (
            "wrong" if answer.status == 200 and reference.encode() not in _plain(answer) else _outcome(answer)
        )

    async def submit(self) -> str:
        """Send an opinion, and go on until there is a receipt or patience is at its end."""
        return await self._submit(with_file=False)

    async def submit_file(self) -> str:
        """Send an opinion with a picture."""
        return await self._submit(with_file=True)

    async def moderate(self) -> str:
        """Open the queue and publish the first opinion in it."""
        staff = self.client(cookies=f"{self.staff}; csrftoken={self.token}")
        queue = "/admin/comments/submission/"
        answer = await staff.get(queue)
        page = _plain(answer).decode()
        row = re.search(r'name="_selected_action" value="(\d+)"', page)
        seen = re.findall(r'name="seen" value="([^"]*)"', page)
        if answer.status != 200 or not row:
            return _outcome(answer) if answer.status != 200 else "none"
        fields = [("action", "publish"), ("index", "0"), ("_selected_action", row[1])]
        body = urlencode([*fields, *(("seen", one) for one in seen), *self._token().items()]).encode()
        return _outcome(await staff.post(queue, FORM, body))

    async def _submit(self, *, with_file: bool) -> str:
        key = uuid.UUID(int=self.chance.getrandbits(128)).hex
        self._numbers += 1
        words = "".join(self.chance.choices(SYLLABLES, k=self.chance.randint(15, 80)))
        said = {"body": f"{MARK}{self._numbers} {words}", "sector": "citizen", "stance": "agree"}
        fields = said | {"idempotency_key": key} | self._token()
        content_type, body = _multipart(fields) if with_file else (FORM, urlencode(fields).encode())
        await asyncio.to_thread(self.ledger.note, "meant", key)
        own, loop = self._own(), asyncio.get_running_loop()
        until, outcome = loop.time() + self.insists, ""
        while True:
            hangs_up = self.chance.random() < self.hangs_up
            outcome = await _tried(lambda: self._send(own, key, content_type, body, hangs_up=hangs_up))  # noqa: B023
            if outcome not in {"503", "sent back", "502", "504", "broken", "late"} or loop.time() > until:
                return outcome
            await pause(self.chance.uniform(0.1, 0.5))

    async def _send(self, own: Client, key: str, content_type: str, body: bytes, *, hangs_up: bool) -> str:
        answer = await own.post("/submit/", content_type, body, hangs_up=hangs_up)
        if answer.status == 303:
            reference, secret = _receipt(answer)
            await asyncio.to_thread(self.ledger.note, "told", key, reference)
            self.receipts.append((reference, secret))
            return "ok"
        if answer.status == 503:
            return _refusal(answer, key)
        return _outcome(answer)

    def _own(self) -> Client:
        return self.client(cookies=f"csrftoken={self.token}")

    def _token(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self.token}


async def _tried(deed: Callable[[], Awaitable[str]]) -> str:
    try:
        return await deed()
    except TimeoutError:
        return "late"
    except OSError:
        return "broken"


async def outcome_of(deed: Callable[[], Awaitable[str]]) -> str:
    """Do something and return how it ended: "ok", a status, "broken" for a lost connection, "late" or "wrong"."""
    return await _tried(deed)


def _outcome(answer: Answer) -> str:
    return "ok" if answer.status in {200, 302, 303} else str(answer.status)


def _refusal(answer: Answer, key: str) -> str:
    """Return "503" for whoever is sent away with their words and the same key in hand, "sent back" where their browser has them."""
    page = _plain(answer).decode()
    if "retry-after" not in answer.headers:
        return "words lost"
    if key in page and MARK in page:
        return "503"
    return "sent back" if GO_BACK in page else "words lost"


def _plain(answer: Answer) -> bytes:
    if answer.headers.get("content-encoding") != ["gzip"]:
        return answer.body
    return gzip.decompress(answer.body)


def _receipt(answer: Answer) -> tuple[str, str]:
    """Return reference and secret from the cookie, which is signed and not encrypted."""
    payload = answer.cookies["receipt"].split(":")[0].strip('"')
    reference, secret = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return reference, secret


def _multipart(fields: dict[str, str]) -> tuple[str, bytes]:
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    file = b'name="attachments"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + PIXEL
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in [*parts, file])
    return "multipart/form-data; boundary=edge", body + b"--edge--\r\n"
