"""The doctor: checks a gateway, a token and what belongs to them without changing anything.

`run_doctor` returns a `Report`: a page of text that can be pasted into a bug report, or JSON, both
without secrets and phone numbers.
"""

from .doctor import run_doctor
from .findings import Deviation, Finding, Problem, Report
from .vocabulary import FindingCode, Level

__all__ = ["Deviation", "Finding", "FindingCode", "Level", "Problem", "Report", "run_doctor"]
