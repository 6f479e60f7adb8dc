"""A terminal's second screen, drawn in place and gone afterwards."""

from rich.console import Console, RenderableType
from rich.live import Live


def live_screen(content: RenderableType, console: Console) -> Live:
    """Return a screen that draws ``content`` for the present window each time it is refreshed.

    So nothing of it stays behind in what was printed before, and a resized window does no harm.
    """
    return Live(
        content,
        console=console,
        screen=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
