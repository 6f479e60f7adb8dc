"""llms.txt: the same pages, for programs that read instead of people."""

import shutil
from pathlib import Path

import pytest

from scripts.lib.docs import llms
from scripts.lib.docs.pages import page_url

ROOT = Path(__file__).parents[3]
NAVIGATION = llms.navigation((ROOT / "docs/mkdocs.yml").read_text())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for pages in NAVIGATION.values():
        for _, page in pages:
            name = page.removesuffix(".md").removesuffix("README")
            (folder / name).mkdir(parents=True, exist_ok=True)
    llms.write(ROOT, folder)
    return folder


def test_the_list_has_a_title_a_summary_and_a_section_for_each_reader(site: Path) -> None:
    lines = (site / "llms.txt").read_text().splitlines()
    assert lines[0] == "# WUTS"
    assert lines[2].startswith("> ")
    assert [line[3:] for line in lines if line.startswith("## ")] == list(NAVIGATION)


def test_every_page_is_listed_and_its_copy_is_there(site: Path) -> None:
    text = (site / "llms.txt").read_text()
    for pages in NAVIGATION.values():
        for title, page in pages:
            assert f"]({page_url(page)}" in text
            assert f"- [{title}" in text
    assert "- [wuts.client](https://wuts.github.io/wuts/api/client/)" in text
    assert "- [The site is built by Zensical](https://wuts.github.io/wuts/decisions/0019" in text
    assert "[Alerts](https://wuts.github.io/wuts/alerts/index.md): " in text
    assert "): [" not in text
    assert (site / "alerts/index.md").read_text().startswith("# ")


def test_the_whole_is_in_one_file_with_links_that_work_anywhere(site: Path) -> None:
    full = (site / "llms-full.txt").read_text()
    assert "](../" not in full
    assert "](alerts.md" not in full
    assert (site / "cli/index.md").read_text() in full


def test_objects_of_python_in_the_configuration_are_not_made() -> None:
    config = "nav:\n  - Start: README.md\nx: !!python/object/apply:os.system ['true']\n"
    assert llms.navigation(config) == {"Start": [("Start", "README.md")]}


def test_a_site_without_the_folder_of_a_page_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs/decisions", tmp_path / "decisions")
    with pytest.raises(FileNotFoundError):
        llms.write(ROOT, tmp_path)
