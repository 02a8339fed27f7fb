"""What comes from a citizen's browser: the submission, the filters of a list, what a receipt sends."""

from comments.forms.filters import FilterForm
from comments.forms.flags import FlagForm
from comments.forms.reactions import GoalOpinionsForm, QuestionsForm
from comments.forms.receipt import AppealForm, CopyForm, EditForm, ReceiptForm, WishesForm
from comments.forms.reply import ReplyForm
from comments.forms.submission import SubmissionForm
from comments.forms.told import WordsForm

__all__ = [
    "AppealForm",
    "CopyForm",
    "EditForm",
    "FilterForm",
    "FlagForm",
    "GoalOpinionsForm",
    "QuestionsForm",
    "ReceiptForm",
    "ReplyForm",
    "SubmissionForm",
    "WishesForm",
    "WordsForm",
]
