"""Who may go where: a row for every address, and the roles behind it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client

from comments import answering, appeals, authoring
from comments.imports import batches
from comments.models import DevelopmentGoal, Meeting, Plan, SignIn
from tests.admin.staff import ROLES, answers_for, member, signed_in
from tests.admin.who_may import EVERYBODY, Row, addresses, path_of, public, staff
from tests.factories import (
    BODY,
    answered,
    attached,
    content,
    double_checked,
    exported,
    submission,
    theme,
    unlike,
)
from tests.spreadsheets import csv_bytes, opinions

pytestmark = pytest.mark.django_db

# Model → who reads, who adds and changes, who deletes.
MODELS = {
    "comments_submission": ("mpra", "", ""),
    "comments_submissionevent": ("mpa", "", ""),
    "comments_erasurerequest": ("a", "", ""),
    "comments_doublecheck": ("a", "", ""),
    "comments_exportrecord": ("pa", "", ""),
    "comments_answerdraft": ("pra", "", ""),
    "comments_answer": ("mpra", "", ""),
    "comments_theme": ("mpra", "pa", ""),
    "comments_developmentgoal": ("mpra", "pa", "a"),
    "comments_meeting": ("mpra", "pa", "a"),
    "comments_plan": ("mpa", "pa", "a"),
    "comments_strategyframework": ("mpa", "pa", "a"),
    "comments_strategy": ("mpa", "pa", "a"),
    "comments_agency": ("mpa", "pa", "a"),
    "comments_sector": ("mpa", "pa", "a"),
    "comments_district": ("mpa", "pa", "a"),
    "comments_districtgroup": ("mpa", "pa", "a"),
    "comments_rejectionreason": ("mpa", "a", "a"),
    "comments_signin": ("a", "", ""),
    "auth_user": ("a", "a", "a"),
    "auth_group": ("a", "", ""),
}


def first(model):
    """Return the primary key of a row of `model`."""
    app, name = model.split("_")
    if model == "auth_user":
        return member("nobody").pk
    return ContentType.objects.get(app_label=app, model=name).model_class()._default_manager.first().pk


def rows_of_model(model, reads, writes, deletes):
    pk, prefix = first(model), f"admin:{model}"
    app, name = model.split("_")
    return {
        f"{prefix}_changelist": staff(reads),
        f"{prefix}_add": staff(writes),
        f"{prefix}_change": staff(reads, pk),
        f"{prefix}_delete": staff(deletes, pk),
        # The history of a submission is on its own page.
        f"{prefix}_history": staff("mpra", pk, ok=302) if name == "submission" else staff(reads, pk),
        f"admin:admin/{app}/{name}/<path:object_id>/": staff("mpra", ok=302),
    }


# The addresses that everybody may open and that need nothing more.
PUBLIC = """
    healthz readyz robots home goals meetings submit feed sitemap comments receipt results moderation_report moderation_csv about privacy accessibility
    open_data open_data_dictionary open_data_catalogue
    api api_openapi api_goals api_meetings api_opinions api_tallies
"""


def matrix() -> dict[str, Row]:
    """Return the row of every address, by its name; without a name, by its route."""
    pending = submission(attachments=attached("a.jpg"))
    authoring.ask_for_erasure(submission())
    appealed = appeals.lodge(submission("rejected", body=unlike()), BODY)
    row = submission("published", goal="G67-1.1-01", attachments=attached("a.jpg"))
    lead = row.goal.lead_office
    answers_for("responder", lead)
    answered(row, office=lead)
    double_checked(row)
    draft = answering.draft(row, content(office=lead), author=member("planner"))
    meeting = Meeting.objects.get()
    paper = meeting.documents.create(title_th="รายงาน", file=ContentFile(b"%PDF-1.7 %%EOF", "a.pdf"))
    listed = theme()
    batch = batches.keep(csv_bytes(opinions(1)), "a.csv", plan=Plan.objects.current())
    SignIn.objects.create(kind="refused")
    record = exported()
    seen, campaign = {"seen": f"{pending.pk}:pending"}, row.campaign_id
    rows = {name: public() for name in PUBLIC.split()}
    rows |= {
        # Without its token, for everybody.
        "metrics": public(status=404),
        "open_data_file": public(2567, "opinions", "csv"),
        "api_goal": public("G67-1.1-01"),
        "api_opinion": public(row.reference),
        "api_unknown": public("nothing", status=404),
        "goal": public("G67-1.1-01"),
        "meeting": public(meeting.pk),
        "meeting_calendar": public(meeting.pk),
        "meeting_document": public(meeting.pk, paper.pk),
        "meeting_floor": public(meeting.pk),
        "meeting_wall": public(meeting.pk),
        "meeting_short": public(meeting.pk, status=302),
        "comment": public(row.reference),
        "goal_vote": public("G67-1.1-01"),
        "comment_vote": public(row.reference),
        "goal_questions": public("G67-1.1-01", status=302),
        "comment_file": public(row.reference, 1),
        "reply": public(row.reference),
        "flag": public(row.reference),
        "sitemap_section": public("opinions"),
        "receipt_withdraw": public(status=302),
        "receipt_edit": public(status=302),
        "receipt_appeal": public(status=302),
        "receipt_wishes": public(status=302),
        "receipt_erasure": public(status=302),
        "receipt_copy": public(status=302),
        "submit_check": Row(dict.fromkeys(EVERYBODY, 200), method="post", data={"body": row.body}),
        "admin:login": Row({"anonymous": 200} | dict.fromkeys(ROLES, 302)),
        "admin:index": staff("mpra"),
        "admin:second_step": Row(dict.fromkeys(EVERYBODY, 302)),
        "admin:enrol": staff("mpra", ok=302),
        "admin:logout": staff("", refused=405),
        "admin:password_change": staff("mpra"),
        "admin:password_change_done": staff("mpra"),
        "admin:places": staff("mpra"),
        "admin:jsi18n": staff("mpra"),
        "admin:autocomplete": staff(""),
        "admin:view_on_site": staff(
            "mpra", _type_of(DevelopmentGoal), first("comments_developmentgoal"), ok=302
        ),
        "admin:app_list": staff("mpra", "comments"),
        "admin:admin/(?P<url>.*)$": staff("", refused=404),
        "admin:auth_user_reset_second_step": staff("a", member("nobody").pk, ok=302, method="post"),
        "admin:comments_signin_csv": staff("a"),
        "admin:auth_user_password_change": staff("a", member("nobody").pk),
        "admin:comments_submission_publish": staff("ma", pending.pk, ok=302, method="post", data=seen),
        "admin:comments_submission_reject": staff("ma", pending.pk, method="post", data=seen),
        "admin:comments_submission_restore": staff("ma", pending.pk, ok=302, method="post", data=seen),
        "admin:comments_submission_confirm": staff("ma", pending.pk, ok=302, method="post", data=seen),
        "admin:comments_submission_decline": staff("ma", pending.pk, ok=302, method="post", data=seen),
        "admin:comments_submission_ask": staff("ma", pending.pk, method="post", data=seen),
        "admin:comments_submission_contact": staff("ma", pending.pk, method="post", data={"why": "x"}),
        "admin:comments_submission_redact": staff(
            "ma", pending.pk, ok=302, method="post", data={"words": "ทางเท้า", "words_reason": "other"} | seen
        ),
        "admin:comments_submission_file": staff("mpa", pending.pk, 1, refused=404),
        "admin:comments_submission_file_withhold": staff(
            "ma", pending.pk, 1, ok=302, method="post", data={"note": "x"}
        ),
        "admin:comments_submission_file_release": staff(
            "ma", pending.pk, 1, ok=302, method="post", data={"note": "x"}
        ),
        "admin:comments_submission_appeals": staff("ma"),
        "admin:comments_submission_appeal": staff("ma", appealed.submission_id),
        "admin:comments_submission_flags": staff("ma", pending.pk, method="post"),
        "admin:comments_submission_erase": staff("a", pending.pk, method="post"),
        # Both samples have the same words, so they are a campaign.
        "admin:comments_submission_campaign": staff("ma", campaign),
        "admin:comments_submission_campaign_publish": staff("ma", campaign, ok=302, method="post"),
        "admin:comments_submission_campaign_reject": staff("ma", campaign, method="post"),
        "admin:comments_submission_campaign_confirm": staff("ma", campaign, ok=302, method="post"),
        "admin:comments_submission_split": staff("ma", pending.pk, method="post"),
        "admin:comments_submission_move": staff("ma", pending.pk, method="post"),
        "admin:comments_submission_language": staff("ma", pending.pk, ok=302, method="post"),
        "admin:comments_submission_join": staff("ma", pending.pk, ok=302, method="post"),
        "admin:comments_submission_note": staff("ma", pending.pk, method="post"),
        "admin:comments_submission_triage": staff("ma"),
        **{
            f"admin:comments_submission_triage_{deed}": staff("ma", ok=302, method="post")
            for deed in ("decide", "cover", "leave", "undo", "again")
        },
        # Nothing is in hand.
        "admin:comments_submission_triage_renew": staff("ma", ok=409, method="post"),
        "admin:comments_submission_view_save": staff("mpra", ok=302, method="post", data={"name": "x"}),
        # There is no such view of one's own.
        "admin:comments_submission_view_drop": staff("", 0, refused=404, method="post"),
        "admin:comments_submission_theme_add": staff("mpa", ok=302, method="post"),
        "admin:comments_submission_theme_remove": staff("mpa", ok=302, method="post"),
        "admin:comments_theme_answer": staff("pra", listed.pk),
        "admin:comments_theme_merge": staff("pa", listed.pk),
        "admin:comments_submission_answer": staff("pra", row.pk),
        "admin:comments_submission_assign": staff("pa", row.pk, ok=302, method="post"),
        # Without the version that a page showed, nothing happens.
        "admin:comments_answerdraft_approve": staff("pa", draft.pk, ok=302, method="post"),
        "admin:comments_answerdraft_discard": staff("pra", draft.pk, ok=302, method="post"),
        "admin:comments_submission_export": staff("pa"),
        "admin:comments_doublecheck_check": staff("ma"),
        # Everybody has exports of their own only.
        "admin:comments_submission_export_job": staff("pa", 0, ok=404),
        "admin:comments_submission_export_go_on": staff("pa", 0, ok=404, method="post"),
        "admin:comments_submission_export_file": staff("pa", 0, ok=404),
        "admin:comments_exportrecord_file": staff("pa", record.pk, method="post"),
        "admin:comments_exportrecord_manifest": staff("pa", record.pk),
        "admin:comments_submissionevent_csv": staff("mpa"),
        "admin:comments_submission_summary": staff("pa"),
        "admin:comments_submission_matrix": staff("pa"),
        "admin:comments_submission_reading": staff("pa"),
        "admin:comments_submission_report": staff("pa"),
        "admin:comments_submission_enter": staff("mpa"),
        "admin:comments_submission_import": staff("pa"),
        "admin:comments_submission_import_template": staff("pa", "csv"),
        "admin:comments_submission_import_batch": staff("pa", batch.pk),
        "admin:comments_submission_import_check": staff("pa", batch.pk, method="post"),
        "admin:comments_submission_import_add": staff("pa", batch.pk, ok=302, method="post"),
        "admin:comments_submission_import_rows": staff("pa", batch.pk),
    }
    for model, who in MODELS.items():
        rows |= rows_of_model(model, *who)
    return rows


def _type_of(model):
    return ContentType.objects.get_for_model(model).pk


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted(set(addresses())) == sorted(matrix())


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_just_what_the_matrix_says(who):
    client = Client() if who == "anonymous" else signed_in(who)
    rows = matrix()
    found = {}
    for name, row in rows.items():
        response = getattr(client, row.method)(path_of(name, row), row.data)
        found[name] = response.status_code
        # A download closes its file once it is read to the end.
        list(response)
        if who == "anonymous" and name.startswith("admin:") and name != "admin:login":
            assert response.url.startswith("/admin/"), name
    assert found == {name: row.expected[who] for name, row in rows.items()}


def test_the_same_holds_in_english():
    pending = submission()
    for role in ROLES:
        client = signed_in(role)
        assert client.get("/en/admin/comments/submissionevent/").status_code == (
            403 if role == "responder" else 200
        )
    assert (
        signed_in("responder").get(f"/en/admin/comments/submission/{pending.pk}/change/").status_code == 404
    )
