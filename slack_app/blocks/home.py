"""App Home: the status with its buttons, and what chooses among many devices."""

from ..devices.accounts import Overview
from ..devices.filters import LONGEST, Filter
from ..messages import Strings
from .modals import MOST_OPTIONS, option
from .names import Action
from .parts import Block, actions, button, plain, section
from .status import EVERYTHING, status_message


def home_view(
    overview: Overview, page: int, strings: Strings, chosen: Filter = EVERYTHING
) -> Block:
    """Return the home of a person who may use the app."""
    title, summary, *rest = status_message(overview, page, strings, chosen).blocks
    pair = button(strings.button_pair_device, Action.OPEN_PAIR_MODAL, "pair", style="primary")
    accounts = sorted({line.account for line in overview.lines} | {chosen.account} - {""})
    top = [title, summary, actions([pair, _choice(chosen, accounts, strings)])]
    return {"type": "home", "blocks": [*top, _search(chosen, strings), *rest]}


def closed_home(text: str) -> Block:
    """Return the home of a person who may not, or who cannot be shown it now."""
    return {"type": "home", "blocks": [section(text)]}


def _choice(chosen: Filter, accounts: list[str], strings: Strings) -> Block:
    """Return the menu of what to show: all, what is down, or an account, each with the text."""
    text = chosen.text
    wanted = {
        strings.filter_all: Filter(text=text),
        strings.filter_down: Filter(is_down=True, text=text),
    }
    for account in accounts if len(accounts) > 1 else [name for name in accounts if chosen.account]:
        wanted[strings.in_account.format(name=account)] = Filter(account=account, text=text)
        name = strings.filter_down_of.format(account=account)
        wanted[name] = Filter(is_down=True, account=account, text=text)
    options = [option(text, one.value) for text, one in wanted.items()][:MOST_OPTIONS]
    known = {one["value"]: one for one in options}
    return {
        "type": "static_select",
        "action_id": Action.HOME_FILTER,
        "options": options,
        "initial_option": known.get(chosen.value, options[0]),
    }


def _search(chosen: Filter, strings: Strings) -> Block:
    """Return the field for a text; what is chosen beside it stays."""
    field: Block = {
        "type": "plain_text_input",
        "action_id": Action.HOME_SEARCH,
        "max_length": LONGEST,
        "placeholder": plain(strings.filter_text_hint),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if chosen.text:
        field["initial_value"] = chosen.text
    return {
        "type": "input",
        # Slack shows what is typed for as long as the block's id stays.
        "block_id": f"{Action.HOME_SEARCH} {chosen.value}",
        "dispatch_action": True,
        "optional": True,
        "label": plain(strings.filter_text),
        "element": field,
    }
