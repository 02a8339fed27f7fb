"""Make meetings that are not in the reference data."""

from datetime import time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from comments.models import Meeting, Plan, Sector

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def meeting(**columns):
    """Return a meeting of the current plan; by default in 30 days, from 9 to 12, hybrid."""
    plain = {
        "plan": Plan.objects.current(),
        "slug": f"meeting-{Meeting.objects.count()}",
        "title_th": "เวทีรับฟังความคิดเห็นเรื่องทางเท้าและสวนใกล้บ้าน",
        "title_en": "Forum on pavements and parks near home",
        "purpose_th": "ฟังว่าประชาชนอยากเห็นอะไรก่อน",
        "purpose_en": "Hear what people want to see first",
        "held_on": timezone.localdate() + timedelta(days=30),
        "starts_at": time(9),
        "ends_at": time(12),
        "mode": Meeting.Mode.HYBRID,
        "place_th": "ศาลาว่าการกรุงเทพมหานคร เขตพระนคร",
        "place_en": "City Hall, Phra Nakhon district",
        "link": "https://meet.example.org/forum",
    }
    return Meeting.objects.create(**plain | columns)


def paper(of, **columns):
    """Return a PDF kept with a meeting."""
    plain = {"title_th": "สไลด์นำเสนอเป้าหมาย", "title_en": "Slides on the goals", "kind": "slides"}
    return of.documents.create(**plain | {"file": ContentFile(PDF, "slides.pdf")} | columns)


def coming():
    """Return a coming meeting with all that one may have."""
    row = meeting(
        notice_published_on=timezone.localdate() - timedelta(days=1),
        summary_th="จะสรุปผลหลังการประชุม",
        summary_en="To be written after the meeting",
    )
    paper(row)
    row.documents.create(
        kind="agenda", title_th="กำหนดการ", title_en="Programme", url="https://example.org/agenda"
    )
    row.agenda.create(position=1, kind="open_forum", title_th="เปิดเวที", title_en="Open floor")
    for sector, people in zip(Sector.objects.all(), (120, 45, 8), strict=False):
        row.attendance.create(sector=sector, people=people)
    return row
