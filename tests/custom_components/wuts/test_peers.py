"""The page that compares us with others says where each cell was looked up."""

import re

import pytest

from tests.custom_components.wuts.files import ROOT

PAGE = (ROOT / "docs/home-assistant.md").read_text("utf-8")
TABLE = PAGE.partition("## Beside other integrations\n")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith("| |")
]
WITHOUT_A_FILE = {"none", "no", "none to translate", "not judged"}


def test_the_versions_that_were_looked_at_are_named() -> None:
    above = " ".join(TABLE.split("|", 1)[0].split())
    assert "FaserF/ha-whatsapp) 2.1.2-dev0 (commit `ed248cf`" in above
    assert "Home Assistant 2026.11.0" in above


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_cell_about_another_says_in_which_file_it_stands(row: list[str]) -> None:
    assert len(row) == 5
    feature, ours, *others = row
    assert ours
    for cell in others:
        named = re.search(r"\(`[\w./]+`(, `[\w./]+`)*\)", cell)
        short = cell in WITHOUT_A_FILE or cell == "there is none"
        assert named or short or feature == "people are on", cell
