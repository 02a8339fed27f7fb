"""By which columns submissions are found, and in which order."""

from django.db.models import F, Index, Q

INDEXES = [
    # The public list, with what it can be narrowed by: a filter is looked for without reading the rows.
    Index(
        "plan",
        "status",
        F("received_at").desc(),
        F("id").desc(),
        "parent",
        "sector",
        "district",
        "is_outside_bangkok",
        "stance",
        "kind",
        "goal",
        "meeting",
        "campaign",
        name="submission_listed",
    ),
    Index(F("status"), F("received_at").desc(), F("id").desc(), name="submission_newest"),
    Index(F("status"), F("agree_count").desc(), F("id").desc(), name="submission_agreed"),
    Index(F("status"), F("reply_count").desc(), F("id").desc(), name="submission_discussed"),
    Index(
        fields=["status", "-flag_count", "-attention", "received_at", "id"],
        name="submission_look_first",
    ),
    Index(fields=["flag_count"], condition=Q(flag_count__gt=0), name="submission_flagged"),
    Index(fields=["goal", "status", "received_at", "id"], name="submission_of_goal"),
    Index(fields=["plan", "fingerprint"], name="submission_equal_words"),
    Index(
        # The parent is there so that opinions are counted without a look into the rows.
        fields=["campaign", "status", "id", "parent"],
        condition=Q(campaign__isnull=False),
        name="submission_of_campaign",
    ),
    # Where opinions stand, and what those say that are published.
    Index(
        fields=["plan", "status", "reason", "sector", "goal", "stance", "kind", "meeting", "parent"],
        name="submission_of_plan",
    ),
    # What opinions are counted by. First a column by which nobody looks for rows, so that none but the counts is led here.
    Index(
        fields=[
            "is_outside_bangkok",
            "district",
            "goal",
            "sector",
            "stance",
            "kind",
            "channel",
            "status",
            "plan",
            "meeting",
            "campaign",
            "parent",
        ],
        name="submission_counted",
    ),
    Index(fields=["asked"], condition=Q(asked__isnull=False), name="submission_asked"),
    Index(F("status"), F("moderated_at").desc(), F("id").desc(), name="submission_decided"),
]
