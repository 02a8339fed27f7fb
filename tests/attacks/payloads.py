"""What becomes a script where a page forgets to escape it, and rows that hold it in every text there is."""

from contextlib import suppress
from itertools import accumulate

from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction

from comments import answering, appeals, flags, moderation, placing, second_persons
from comments.models import Meeting, Plan, Submission
from comments.models.triggers import SEALED
from tests.admin.who_may import path_of
from tests.factories import answered, attached, reason, receive, reply, staff, submission, unlike
from tests.long import LONG

# Where one of them takes effect it sets `window.__xss`, or leaves an element or attribute named `zqx`.
SCRIPT = "__xss=1"
PAYLOADS = [
    f"<script>{SCRIPT}</script>",
    f"</script><script>{SCRIPT}</script>",
    f"<ScRiPt>{SCRIPT}</sCrIpT >",
    f"<script src=data:,{SCRIPT}></script>",
    f"<<script>{SCRIPT}//<</script>",
    f"<img src=zqx onerror={SCRIPT}>",
    f'<img/src="zqx"/onerror={SCRIPT}>',
    f'"><img src=zqx onerror={SCRIPT}>',
    f"'><img src=zqx onerror={SCRIPT}>",
    f"`><img src=zqx onerror={SCRIPT}>",
    f"<svg onload={SCRIPT}>",
    f"<svg><script>{SCRIPT}</script></svg>",
    f"<svg><animate onbegin={SCRIPT} attributeName=x>",
    f"<body onload={SCRIPT}>",
    f"<input autofocus onfocus={SCRIPT}>",
    f"<select autofocus onfocus={SCRIPT}>",
    f"<details open ontoggle={SCRIPT}>",
    f"<video><source onerror={SCRIPT}>",
    f"<marquee onstart={SCRIPT}>",
    f"<iframe src=javascript:parent.{SCRIPT}>",
    f'<iframe srcdoc="<script>parent.{SCRIPT}</script>">',
    f"<object data=javascript:{SCRIPT}>",
    f"<embed src=javascript:{SCRIPT}>",
    f"<a href=javascript:{SCRIPT}>zqx</a>",
    f'<a href="java\tscript:{SCRIPT}">zqx</a>',
    f"<form action=javascript:{SCRIPT}><button autofocus>",
    f"<math><mtext><img src=zqx onerror={SCRIPT}>",
    f"<style>@import 'data:,zqx'</style><img src=zqx onerror={SCRIPT}>",
    f"<base href=//evil.example/><zqx onclick={SCRIPT}>",
    f"<meta http-equiv=refresh content=0;url=javascript:{SCRIPT}>",
    f"--><script>{SCRIPT}</script><!--",
    f"]]><script>{SCRIPT}</script><![CDATA[",
    f"</title></textarea></style><script>{SCRIPT}</script>",
    f'" autofocus onfocus={SCRIPT} zqx="',
    f"' autofocus onfocus={SCRIPT} zqx='",
    f"javascript:{SCRIPT}//zqx",
    f"{{{{ {SCRIPT} }}}}{{% zqx %}}${{{SCRIPT}}}",
    f"&lt;script&gt;{SCRIPT}&lt;/script&gt;",
    f"\u202e<img src=zqx onerror={SCRIPT}>\u202c",
    f"＜script＞{SCRIPT}＜/script＞<noscript><p title='</noscript><img src=zqx onerror={SCRIPT}>'>",
]
ALL = " ".join(PAYLOADS)
# Names that code compares with, and what only machines write.
_FIXED = ("code", "key", "slug", "hash", "username", "password", "email", "language", "sha256", "kind")
_APART = {"Tries", "Band", "SearchEntry", "Lease", "VoterNumber", "ExportJob", "ImportBatch", "Redaction"}


def piece(most, start=0):
    """Return as many payloads, from the one at `start` on, as fit into `most` characters."""
    turned = PAYLOADS[start % len(PAYLOADS) :] + PAYLOADS[: start % len(PAYLOADS)]
    lengths = accumulate(len(payload) + 1 for payload in turned)
    fitting = [payload for payload, length in zip(turned, lengths, strict=True) if length - 1 <= most]
    return " ".join(fitting) or turned[0][:most]


def fields(model):
    """Return the fields of `model` into which a person types words, and that may be changed."""
    sealed = SEALED.get(model._meta.db_table, ())
    if sealed is None:
        return []
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.URLField | models.FileField)
        and not (field.choices or field.unique or field.primary_key or field.name in sealed)
        and not any(word in field.name for word in _FIXED)
        and (field.max_length or 1000) >= 20
    ]


def speak(start=0):
    """Make opinions, replies, files, appeals, reports and notes that hold payloads; return the published one."""
    typed = {"display_name": piece(80, start), "organisation": piece(100, start), "shows_name": True}
    goal, meeting = "G67-1.1-01", Meeting.objects.get()
    long = {"goal": goal, "meeting": meeting, "phone": "02 000 0000"} | typed
    shown = receive(
        body=f"{unlike()} {ALL}", attachments=attached(f"{piece(80, start)}.jpg"), **long
    ).submission
    moderation.redact(shown, [(0, 5, "other")], actor=staff(), note=piece(200, start))
    moderation.publish(Submission.objects.get(pk=shown.pk), actor=staff(), note=piece(200, start))
    shown.refresh_from_db()
    reply(shown, "published", body=f"{unlike()} {piece(1900, start)}", **typed)
    flags.flag(shown, voter="v", client="c", reason="other", words=piece(400, start))
    placing.note(shown, piece(400, start), actor=staff())
    withheld = submission(body=f"{unlike()} {ALL}", **long)
    moderation.reject(withheld, actor=staff(), reason=reason(), note=piece(200, start))
    appeals.lodge(withheld, piece(1900, start))
    doubted = submission(body=f"{unlike()} {ALL}", **long)
    doubted.plan.rejection_needs_second_person = True
    second_persons.reject(doubted, actor=staff("doubting"), reason=reason("insult"), note=piece(200, start))
    words = {
        "reason_th": piece(200, start),
        "reason_en": piece(200, start),
        "opinions": [shown],
        "actor": staff(),
    }
    answering.revise_goal(shown.goal, {"title_th": piece(200, start), "title_en": piece(200, start)}, **words)
    answered(shown, text_th=piece(1000, start), text_en=piece(1000, start))
    for _copy in range(2):
        submission("published", body=ALL, **long)
    return shown


def poison(start=0):
    """Put payloads into every text of every table that isn't sealed; return the names of what was reached."""
    reached = []
    own = [model for model in apps.get_app_config("comments").get_models() if model.__name__ not in _APART]
    for model in (*own, User):
        for field in fields(model):
            words = piece(min(field.max_length or 1000, 1000), start)
            # Some must be empty in some rows, or must not be the same in two.
            with suppress(IntegrityError), transaction.atomic():
                model._base_manager.update(**{field.name: words})
                reached.append(f"{model.__name__}.{field.name}")
    return reached


def places(rows):
    """Return the path of every address that is asked for by GET, some with queries; in the long form in English, too."""
    asked = [path_of(name, row) for name, row in rows.items() if row.method == "get" and "logout" not in name]
    plan = Plan.objects.current().pk
    queue = "/admin/comments/submission/"
    asked += [
        f"{queue}?status=all",
        f"{queue}?sort=attention",
        f"{queue}triage/?sort=campaign",
        f"{queue}summary/?plan={plan}",
    ]
    asked += [
        f"{queue}reading/?goal=G67-1.1-01&weigh=on",
        "/comments/?sort=oldest",
        "/comments/?q=zqx&sort=best",
    ]
    if not LONG:
        return asked
    machine = ("/api/", "/healthz", "/readyz", "/robots", "/sitemap", "/admin/jsi18n")
    return asked + [f"/en{path}" for path in asked if not path.startswith(machine) and "." not in path]
