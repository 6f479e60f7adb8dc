from scripts.lib.api_reference import MODULES, PAGE, render


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text() == render(), "run python scripts/lib/api_reference.py"


def test_the_page_has_every_part_and_the_errors_of_a_call() -> None:
    page = PAGE.read_text()
    for module in MODULES:
        assert f"## wuts.{module}\n" in page
    call = page[page.index("#### `await get_qr(") : page.index("#### `await get_qr_status(")]
    for word in ("device_id: str | None=None", "**Args**", "**Raises**", "`QrNotReadyError`"):
        assert word in call


def test_what_is_only_a_part_of_a_class_is_told_as_that_classs_own() -> None:
    page = PAGE.read_text()
    supervisor = page[page.index("### `class Supervisor`\n") :].partition("\n### ")[0]
    for method in ("account_state(", "listed_at(", "open_alerts()", "await expect_number("):
        assert f"#### `{method}" in supervisor
