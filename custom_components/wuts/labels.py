"""How things of one name are told apart where a person chooses."""

from collections import Counter
from collections.abc import Mapping

SHOWN = 4
"""Characters of an id that are shown beside a name that is not the only one."""


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by their ids; the end of its id follows a name that others have too."""
    by_name = Counter(names.values())
    ends = Counter((name, id_[-SHOWN:]) for id_, name in names.items())
    return {
        id_: name
        if by_name[name] == 1
        else f"{name} · {id_[-SHOWN:] if ends[name, id_[-SHOWN:]] == 1 else id_}"
        for id_, name in names.items()
    }
