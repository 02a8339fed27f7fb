"""The addresses of the public pages, each also under /en/, and of the interface for programs."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from comments.views import (
    api,
    attachments,
    authors,
    comments,
    feeds,
    flags,
    floor,
    goals,
    home,
    meetings,
    open_data,
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
    path("comments/<code:reference>/flag/", flags.flag, name="flag"),
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
    path("open-data/", open_data.page, name="open_data"),
    path("open-data/dictionary.json", open_data.dictionary, name="open_data_dictionary"),
    path("open-data/catalogue.jsonld", open_data.catalogue_file, name="open_data_catalogue"),
    path("open-data/<int:year>/<slug:name>.<slug:form>", open_data.file, name="open_data_file"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]

# The interface for programs lies at /api/v1/, the same in every language.
api_urlpatterns = [
    path("", api.index, name="api"),
    path("openapi.json", api.openapi, name="api_openapi"),
    path("goals/", api.goals, name="api_goals"),
    path("goals/<code:code>/", api.goal, name="api_goal"),
    path("meetings/", api.meetings, name="api_meetings"),
    path("opinions/", api.opinions, name="api_opinions"),
    path("opinions/<code:reference>/", api.opinion, name="api_opinion"),
    path("tallies/", api.tallies, name="api_tallies"),
    path("<path:unknown>/", api.unknown, name="api_unknown"),
]
