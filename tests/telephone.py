"""What a telephone does with the key of the second step."""

import base64
import html
import re
import time

from django_otp.oath import TOTP

STEP = 30
PASSWORD = "a-password-for-the-tests"


def code(key, *, at=None, steps=0):
    """Return the six digits that a telephone with this key shows `at` a moment, or some half minutes off."""
    totp = TOTP(base64.b32decode(key.replace(" ", "")))
    totp.time = (at.timestamp() if at else time.time()) + steps * STEP
    return f"{totp.token():06}"


def key_on(text):
    """Return the key that the page of the enrolment shows."""
    return html.unescape(re.search(r'id="key">([^<]+)<', text)[1])


def codes_on(text):
    """Return the recovery codes that a page shows."""
    return re.findall(r"<bdi><code>([^<]+)</code>", text)
