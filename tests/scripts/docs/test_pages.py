"""What the site's pages are made of: the same text, with links that lead somewhere there."""

from pathlib import Path

import pytest

from scripts.lib.docs.pages import (
    PageError,
    adapt,
    api_modules,
    page_url,
    source_pages,
    with_diagrams,
    write_pages,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with pages at two depths and what they link to."""
    files = {
        "docs/README.md": "# Documentation\n",
        "docs/alerts.md": "# Alerts\n",
        "docs/decisions/0001-one.md": "# One\n\nSee [alerts](../alerts.md).\n",
        "docs/images/board.png": "a picture",
        "docs/mkdocs.yml": "nav:\n  - Client: api/client.md\n  - Store: api/supervisor.store.md\n",
        "docs/openapi.yaml": "openapi: 3.1.0\n",
        "deploy/compose.yaml": "services: {}\n",
        "CONTRIBUTING.md": "# Contributing\n\nSee [alerts](docs/alerts.md).\n",
        "CHANGELOG.md": "# Changes\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


REPOSITORY = "https://github.com/wuts/wuts"


@pytest.mark.parametrize(
    ("source", "written", "on_the_site"),
    [
        ("docs/README.md", "[a](alerts.md#mute)", "[a](alerts.md#mute)"),
        ("docs/README.md", "[a](#here)", "[a](#here)"),
        ("docs/README.md", "[a](https://example.com/x.md)", "[a](https://example.com/x.md)"),
        ("docs/README.md", "[a](../CONTRIBUTING.md)", "[a](contributing.md)"),
        ("docs/README.md", "[a](openapi.yaml)", "[a](openapi.md)"),
        ("docs/README.md", "![a](images/board.png)", "![a](images/board.png)"),
        ("docs/README.md", "[a](../deploy/)", f"[a]({REPOSITORY}/tree/main/deploy)"),
        (
            "docs/README.md",
            "[a](../deploy/compose.yaml#L1)",
            f"[a]({REPOSITORY}/blob/main/deploy/compose.yaml#L1)",
        ),
        ("docs/README.md", "[a]: alerts.md", "[a]: alerts.md"),
        (
            "docs/decisions/0001-one.md",
            "[a](https://wuts.github.io/wuts/api/client/#wuts.client.WutsClient)",
            "[a](../api/client.md#wuts.client.WutsClient)",
        ),
        ("docs/decisions/0001-one.md", "[a](../alerts.md)", "[a](../alerts.md)"),
        ("CONTRIBUTING.md", "[a](docs/alerts.md)", "[a](alerts.md)"),
        ("CONTRIBUTING.md", "![a](docs/images/board.png)", "![a](images/board.png)"),
    ],
)
def test_a_link_leads_to_the_same_thing(
    root: Path, source: str, written: str, on_the_site: str
) -> None:
    assert adapt(written, source, root) == on_the_site


def test_a_link_that_leads_nowhere_is_named_with_its_page(root: Path) -> None:
    with pytest.raises(PageError, match=r"docs/alerts\.md links to gone\.md"):
        adapt("Read [this](gone.md).", "docs/alerts.md", root)


@pytest.mark.parametrize(
    "code",
    ["`[a](gone.md)`", "``[a](gone.md) ` ``", "```sh\n[a](gone.md)\n```", "~~~\n[a](gone.md)\n~~~"],
)
def test_code_is_left_as_it_is(root: Path, code: str) -> None:
    text = f"{code}\n\nThen [a](../CHANGELOG.md)."
    assert adapt(text, "docs/alerts.md", root) == f"{code}\n\nThen [a](changelog.md)."


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("README.md", "https://wuts.github.io/wuts/"),
        ("alerts.md", "https://wuts.github.io/wuts/alerts/"),
        ("decisions/README.md", "https://wuts.github.io/wuts/decisions/"),
        ("api/supervisor.store.md", "https://wuts.github.io/wuts/api/supervisor.store/"),
    ],
)
def test_a_page_has_an_address(page: str, url: str) -> None:
    assert page_url(page) == url


def test_what_draws_a_diagram_is_loaded_where_there_is_one() -> None:
    assert with_diagrams("no picture", "alerts.md") == "no picture"
    drawn = with_diagrams("```mermaid\n```", "decisions/0001-one.md")
    assert '<script src="../assets/mermaid.js"></script>' in drawn


def test_every_page_is_written_and_each_module_gets_one(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    write_pages(root, folder)
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    of_files = set(source_pages(root).values()) - {"openapi.md"}
    assert written == of_files | {"api/client.md", "api/supervisor.store.md"}
    assert "See [alerts](alerts.md)." in (folder / "contributing.md").read_text()
    assert "::: wuts.supervisor.store" in (folder / "api/supervisor.store.md").read_text()
    assert (folder / "images/board.png").is_file()


def test_a_module_is_listed_once() -> None:
    assert api_modules("- A: api/a.md\n- B: api/b.c.md\n- Again: api/a.md\n") == ["a", "b.c"]
