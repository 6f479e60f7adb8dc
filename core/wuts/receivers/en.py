"""English."""

from ..supervisor.alerts.causes import AlertStep
from ..supervisor.alerts.notifications import News
from ..supervisor.events import AlertKind, Cause
from .words import KindWords, Words

ENGLISH = Words(
    language="en",
    time_format="%Y-%m-%d %H:%M %Z",
    kinds={
        AlertKind.NEEDS_PAIRING: KindWords(
            "{device} must be paired again",
            "{count} devices must be paired again",
            "{device} is linked again",
            "{count} devices are linked again",
        ),
        AlertKind.OFFLINE: KindWords(
            "{device} is offline",
            "{count} devices are offline",
            "{device} is back",
            "{count} devices are back",
        ),
        AlertKind.FLAPPING: KindWords(
            "{device} keeps dropping",
            "{count} devices keep dropping",
            "{device} has stopped dropping",
            "{count} devices have stopped dropping",
        ),
        AlertKind.DEVICE_GONE: KindWords(
            "{device} is gone from the gateway",
            "{count} devices are gone from the gateway",
            "{device} is back",
            "{count} devices are back",
        ),
        AlertKind.DEVICE_REFUSED: KindWords(
            "The gateway refuses {device}",
            "The gateway refuses {count} devices",
            "The gateway accepts {device} again",
            "The gateway accepts {count} devices again",
        ),
        AlertKind.WRONG_PHONE: KindWords(
            "{device} is linked to another phone than expected",
            "{count} devices are linked to other phones than expected",
            "The question about the phone of {device} is settled",
            "The questions about the phones of {count} devices are settled",
        ),
        AlertKind.PHONE_UNCHECKED: KindWords(
            "Nobody can tell which phone is linked to {device}",
            "Nobody can tell which phones are linked to {count} devices",
            "The question about the phone of {device} is settled",
            "The questions about the phones of {count} devices are settled",
        ),
        AlertKind.DEVICES_MISSING: KindWords(
            *("Many devices of {account} are missing from the gateway's list",) * 2,
            *("The missing devices of {account} are back",) * 2,
        ),
        AlertKind.WRONG_DEVICE: KindWords(
            *("The gateway of {account} answers about the wrong device",) * 2,
            *("The gateway of {account} answers about the right device again",) * 2,
        ),
        AlertKind.GATEWAY_DOWN: KindWords(
            *("The gateway of {account} is down",) * 2,
            *("The gateway of {account} is back",) * 2,
        ),
        AlertKind.TOKEN_REFUSED: KindWords(
            *("The gateway refuses the token of {account}",) * 2,
            *("The gateway accepts the token of {account} again",) * 2,
        ),
    },
    news={
        News.RAISED: "{what}",
        News.ESCALATED: "Nobody has acted: {what}",
        News.MUTE_ENDED: "No longer muted: {what}",
        News.ACKNOWLEDGED: "Taken: {what}",
        News.UPDATED: "Update: {what}",
        News.REMINDED: "Still open: {what}",
        News.RESOLVED: "{what}",
    },
    causes={
        Cause.UNLINKED: "The phone unlinked it.",
        Cause.TEMPORARY_BAN: "WhatsApp keeps its number out for a while.",
        Cause.REPLACED: "Another program uses its session.",
        Cause.KEEPALIVE_LOST: "WhatsApp does not answer about it.",
        Cause.PAIR_ERROR: "A pairing failed at the gateway.",
        Cause.DROPPED_WITH_MOST: "Most devices dropped at once.",
    },
    steps={
        AlertStep.PAIR: "Pair it again.",
        AlertStep.WAIT: "There is nothing to do for now: it is tried again and again.",
        AlertStep.WAIT_UNTIL: "Wait until then. Pairing it again does not help before.",
        AlertStep.CLOSE_OTHER_SESSION: "Stop the other program, then reconnect the device.",
        AlertStep.CHECK_PHONE: "Check that the phone is on and online, and open WhatsApp on it.",
        AlertStep.KEEP_OR_UNLINK: "Keep the phone that is linked, or unlink it.",
        AlertStep.CHECK_DEVICE: "Ask who deleted it at the gateway.",
        AlertStep.CHECK_TOKEN: "Replace the account's token.",
        AlertStep.CHECK_OWNER: "It may belong to another user: use that user's token.",
        AlertStep.ASK_OPERATOR: "Ask whoever runs the gateway.",
    },
    since="Since {time}, account {account}.",
    lasted="From {time} to {end}, account {account}.",
    until="Until {time}.",
    taken="{name} takes care of it.",
    taken_with_note="{name} takes care of it: {text}",
    was_muted="It was muted by {name}.",
    was_muted_for="It was muted by {name}: {text}",
    in_account="Account {account}:",
    over="Over: {names}.",
    more="and {count} more",
    look="See {url}",
    test_title="WUTS: this is a test",
    test_body="If you can read this, notifications to {name} arrive. Nothing is wrong.",
)
