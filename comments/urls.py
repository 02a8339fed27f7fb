"""The addresses of the public pages; each also lies under /en/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from comments.views import (
    attachments,
    authors,
    comments,
    feeds,
    floor,
    goals,
    home,
    meetings,
    oversight,
    pages,
    reactions,
    receipts,
    replies,
    results,
    submit,
)


class CodeConverter(StringConverter):
    """A part of an address that is looked up: PostgreSQL would fail on a null character."""

    regex = r"[^/\x00]+"


register_converter(CodeConverter, "code")

urlpatterns = [
    path("", home.home, name="home"),
    path("goals/", goals.goals, name="goals"),
    path("goals/<code:code>/", goals.goal, name="goal"),
    path("goals/<code:code>/vote/", reactions.vote_on_goal, name="goal_vote"),
    path("goals/<code:code>/questions/", reactions.answer_questions, name="goal_questions"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>.ics", meetings.calendar, name="meeting_calendar"),
    path("meetings/<int:pk>/documents/<int:document>/", meetings.document, name="meeting_document"),
    path("meetings/<int:pk>/floor/", floor.floor, name="meeting_floor"),
    path("meetings/<int:pk>/wall/", floor.wall, name="meeting_wall"),
    path("m/<int:pk>", floor.short, name="meeting_short"),
    path("submit/", submit.submit, name="submit"),
    path("submit/check/", submit.check, name="submit_check"),
    path("comments/", comments.comments, name="comments"),
    path("comments/feed/", feeds.feed, name="feed"),
    path("comments/<code:reference>/", comments.comment, name="comment"),
    path("comments/<code:reference>/vote/", reactions.vote_on_comment, name="comment_vote"),
    path("comments/<code:reference>/files/<int:number>", attachments.comment_file, name="comment_file"),
    path("comments/<code:reference>/reply/", replies.reply, name="reply"),
    path("receipt/", receipts.receipt, name="receipt"),
    path("receipt/withdraw/", authors.withdraw, name="receipt_withdraw"),
    path("receipt/edit/", authors.edit, name="receipt_edit"),
    path("receipt/appeal/", authors.appeal, name="receipt_appeal"),
    path("receipt/wishes/", authors.wishes, name="receipt_wishes"),
    path("receipt/erasure/", authors.erasure, name="receipt_erasure"),
    path("receipt/copy/", authors.copy, name="receipt_copy"),
    path("results/", results.results, name="results"),
    path("results/moderation/", oversight.report, name="moderation_report"),
    path("results/moderation.csv", oversight.report_csv, name="moderation_csv"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]
