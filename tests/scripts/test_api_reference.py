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
