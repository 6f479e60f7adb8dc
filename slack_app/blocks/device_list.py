"""Names of devices with their ids, many on a page: for whoever must write them somewhere."""

from wuts.supervisor import worst_first

from ..devices.accounts import Overview
from ..devices.filters import Filter
from ..messages import Strings
from .names import Action
from .parts import Block, Content, actions, button, escape, header, section, shorten, shown_name
from .status import EVERYTHING, notes, nothing, page_value, state_of, summary_of

PAGE = 100
"""Devices on a page."""

_LONGEST_ID = 60
_FULL = 2_000
"""Characters of a section's text after which the next one begins: no line reaches Slack's limit."""


def list_message(
    overview: Overview, page: int, strings: Strings, chosen: Filter = EVERYTHING
) -> Content:
    """Return one page of the devices of a choice, by name; a wrong page is mended."""
    lines = [line for line in overview.lines if chosen.matches(line)]
    lines.sort(key=lambda line: (line.account, line.name.casefold(), worst_first(line.device)))
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 0), pages - 1)
    title = summary_of(overview, strings)
    if pages > 1:
        title += " · " + strings.status_page.format(page=page + 1, pages=pages)
    rows = []
    for line in lines[page * PAGE : (page + 1) * PAGE]:
        mark, state = state_of(line, overview, strings)
        facts = [f"{mark} *{shown_name(line.name, line.id)}*", state]
        facts.append(f"`{escape(shorten(line.id, _LONGEST_ID))}`")
        if overview.several_accounts:
            facts.append(line.account)
        rows.append(" · ".join(facts))
    blocks = [header(strings.status_title), section(title), *notes(overview, strings)]
    blocks += _sections(rows) or [section(nothing(chosen, strings))]
    if buttons := _turners(page, pages, chosen, strings):
        blocks.append(actions(buttons))
    return Content(f"{strings.status_title}: {title}", blocks)


def _sections(rows: list[str]) -> list[Block]:
    """Return as few sections as hold all rows."""
    texts: list[str] = []
    for row in rows:
        if texts and len(texts[-1]) + len(row) < _FULL:
            texts[-1] += f"\n{row}"
        else:
            texts.append(row)
    return [section(text) for text in texts]


def _turners(page: int, pages: int, chosen: Filter, strings: Strings) -> list[Block]:
    turners = []
    if page > 0:
        value = page_value(page - 1, chosen)
        turners.append(button(strings.previous_page, Action.LIST_PREVIOUS, value))
    if page < pages - 1:
        value = page_value(page + 1, chosen)
        turners.append(button(strings.next_page, Action.LIST_NEXT, value))
    return turners
