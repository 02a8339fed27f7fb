"""What the staff's pages are about: a campaign, texts with personal data, files, answers, a table to import."""

from tests.server import Server
from tests.spreadsheets import csv_bytes

# What makes a campaign, and personal data to cover: numbers that nobody has.
TEXT = "ขอให้กรุงเทพมหานครเพิ่มต้นไม้ริมถนนทุกสาย ให้คนเดินได้ร่มเย็นทั้งวัน และดูแลไม่ให้กิ่งไม้พาดสายไฟในหน้าฝน"
ID, PHONE = "1-1111-11111-11-9", "081-000-0000"
# A long name, as cameras and scanners give them.
FILE = f"{'สแกนแบบแสดงความคิดเห็น_' * 4}2569-02-14_0001.jpg"
QUESTION = "ประโยคที่สองเข้าข่ายหมิ่นประมาทบุคคลที่เอ่ยชื่อไว้หรือไม่ ขอให้ผู้ที่เคยดูเรื่องลักษณะนี้ช่วยพิจารณา"
_HELD = f"เลขบัตร {ID} โทร {PHONE} นายทดสอบ ตัวอย่าง ดู https://example.com ด่วนนนนน ไฟทางดับในซอยทดสอบ 5"
_COVERED = f"น้ำไม่ไหลมาสามวันแล้ว ติดต่อ {PHONE} หรือบ้านเลขที่ 12/34 ในซอยทดสอบ"
# Each process of ours draws the same keys, so these have their own.
_MORE = f"""
from itertools import count
from tests.factories import staff, submission
from comments import moderation
keys = (f"staff-{{number}}" for number in count())
for more in ("", "", " ขอให้เริ่มที่หน้าโรงเรียนก่อน", " โทรหาผมได้ที่ {PHONE}"):
    submission(body={TEXT!r} + more, stance="agree" if more else "", key=next(keys))
submission("published", body={TEXT!r}, stance="disagree", key=next(keys))
submission("rejected", body={TEXT!r}, key=next(keys))
submission(body={_HELD!r}, key=next(keys))
covered = submission(body={_COVERED!r}, key=next(keys))
start = covered.body.index({PHONE!r})
moderation.redact(covered, [(start, start + len({PHONE!r}), "mobile_phone")], actor=staff())
from comments import answering, appeals, authoring
from tests.factories import answered, attached, content, unlike
held = submission(body=unlike(), attachments=attached({FILE!r}, "b.pdf"), key=next(keys))
moderation.withhold_file(held.attachments.last(), actor=staff(), note="เห็นหน้าเด็ก")
from comments import second_persons
from tests.factories import reason
for doubted in (submission(body=unlike(), key=next(keys)) for _ in range(2)):
    doubted.plan.rejection_needs_second_person = True
    second_persons.reject(doubted, actor=staff("ผู้เสนอ"), reason=reason("insult"), note={QUESTION!r})
second_persons.ask(submission(body=unlike(), key=next(keys)), actor=staff("ผู้ถาม"), note={QUESTION!r})
authoring.ask_for_erasure(submission("published", body=unlike(), key=next(keys)))
told, drafted, _open = (
    submission("published", goal="G67-1.1-01", body=unlike(), key=next(keys)) for _ in range(3)
)
answered(told, author=staff("ผู้จัดทำ"), approver=staff("ผู้อนุมัติ"), text_en="The pavement will be mended this year.")
answering.draft(drafted, content(), author=staff("responder"))
appealed = submission("rejected", body=unlike(), key=next(keys))
appeals.lodge(appealed, "ข้อความนี้เกี่ยวกับแผนโดยตรง เพราะทางเท้าอยู่ในเป้าหมายของปีนี้ โปรดอ่านอีกครั้ง")
from comments import flags
for voter in "abc":
    flags.flag(told, voter=voter, client=voter, reason="insult" if voter > "a" else "other", words="พูดถึงเพื่อนบ้านของฉันโดยตรง")
from comments.models import ExportJob, Plan
from django.utils import timezone
ExportJob.objects.create(
    actor=staff("administrator"), as_of=timezone.now(), format="xlsx", expected=1_100_000, state="failed",
    purpose="เสนอที่ประชุมสภากรุงเทพมหานคร",
)
from tests.factories import double_checked, exported, reason
exported(staff("planner"), sector="citizen", status="published")
double_checked(drafted, why=reason())
Plan.objects.update(double_check_percent=100)
"""
SHEET = csv_bytes(
    [
        ["ลำดับที่ตามทะเบียนรับเรื่อง", "ความคิดเห็น", "ภาคส่วน", "วันที่", "โทรศัพท์", "อีเมลสำหรับแจ้งผลการพิจารณา"],
        ["1", TEXT, "ประชาชน", "44615", "810000000", ""],
        ["2", TEXT, "ประชาชน", "44615", "810000000", ""],
        [
            "3",
            "ขอให้เพิ่มจุดจอดจักรยานที่ท่าเรือ และทำทางลาดให้ผู้ใช้รถเข็นลงเรือได้",
            "ผู้สูงวัย",
            "31/02/2569",
            "",
            f"{'ก' * 70}",
        ],
        ["4", "", "ประชาชน", "", "", ""],
    ]
)


UPLOAD = {
    "name": "ความคิดเห็นจากเวทีรับฟังของเขตทั้งหมด_ฉบับแก้ไข_2569.csv",
    "mimeType": "text/csv",
    "buffer": SHEET,
}


def fill_with_more(server: Server) -> None:
    """Add what only the staff see: a campaign, and texts with personal data, covered and not."""
    server.shell(_MORE)
