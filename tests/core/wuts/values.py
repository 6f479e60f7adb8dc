"""The values that many tests share, and what they look like when they leak."""

import json
from pathlib import Path
from typing import Any

# What json.loads returns.
type Json = Any

TOKEN = "wuts_tok_Zq8hK2vR5nXw"
DEVICE = "3f1c2a8e-6d4b-4c1e-9a57-0b8f2d6e4c11"
PHONE = "5511999999999"
OTHER_PHONE = "5521988888888"
GROUP = "120363041234567890@g.us"
CODE = "ABCD-1234"
PAYLOAD = (
    "2@OLTmUuRNp/I3DZ4mDicTZVCko6bQf1wMMy+LEiQIP9IrkC+JEegYGPjJnV1dmDGVdQTZDpRd4uj1TueBzHX2NthQmQlaow"
    "AWWmcDb2s=,jwviESQXnD3Z9zgXzm4RjSZKrWy23SEPr5Ss08+SwZA=,I3yxH10QjPJZMCY5OLNwobV2n6DxSD+VqQ2d8vEw"
    "1g8=,zwS9k/UK5pUU2oxlnOKxDMza6/mQ0Zg4sNfsCz6XgY4="
)

_FIXTURES = Path(__file__).parents[2] / "fixtures"


def documented(name: str) -> Json:
    """Return a documented payload."""
    return json.loads((_FIXTURES / f"{name}.json").read_text("utf-8"))
