"""What comes from a citizen's browser: the submission, the filters of a list, the receipt's keys."""

from comments.forms.filters import FilterForm
from comments.forms.receipt import ReceiptForm
from comments.forms.submission import SubmissionForm
from comments.forms.told import WordsForm

__all__ = ["FilterForm", "ReceiptForm", "SubmissionForm", "WordsForm"]
