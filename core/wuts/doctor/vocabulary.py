"""The doctor's vocabulary: what a check can find, how bad that is, and the English for it."""

from collections.abc import Mapping
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


class FindingCode(StrEnum):
    """What a check found, as one word that does not change between versions."""

    GATEWAY_UNREACHABLE = "gateway_unreachable"
    TOKEN_ACCEPTED = "token_accepted"  # noqa: S105 - a code, not a secret
    TOKEN_REFUSED = "token_refused"  # noqa: S105
    TOKEN_UNKNOWN = "token_unknown"  # noqa: S105
    ROLE_KNOWN = "role_known"
    ROLE_ADMIN = "role_admin"
    ROLE_SEES_OTHERS = "role_sees_others"
    ROLE_UNKNOWN = "role_unknown"
    CLOCK_AGREES = "clock_agrees"
    CLOCK_SKEWED = "clock_skewed"
    CLOCK_UNKNOWN = "clock_unknown"
    CERTIFICATE_TRUSTED = "certificate_trusted"
    CERTIFICATE_EXPIRES_SOON = "certificate_expires_soon"
    CERTIFICATE_REFUSED = "certificate_refused"
    CERTIFICATE_UNKNOWN = "certificate_unknown"
    PLAIN_HTTP = "plain_http"
    LATENCY_GOOD = "latency_good"
    LATENCY_HIGH = "latency_high"
    LATENCY_UNKNOWN = "latency_unknown"
    READ_MATCHES = "read_matches"
    READ_DEVIATES = "read_deviates"
    READ_BROKEN = "read_broken"
    READ_NOT_OFFERED = "read_not_offered"
    READ_FAILED = "read_failed"
    READ_SKIPPED = "read_skipped"
    STATUS_RIGHT_DEVICE = "status_right_device"
    STATUS_OTHER_DEVICE = "status_other_device"
    WEBHOOK_PER_DEVICE = "webhook_per_device"
    WEBHOOK_SHARED = "webhook_shared"
    WEBHOOK_SCOPE_UNKNOWN = "webhook_scope_unknown"
    SIGNATURES_RIGHT = "signatures_right"
    SIGNATURES_WRONG = "signatures_wrong"
    SIGNATURES_MISSING = "signatures_missing"
    STORE_READY = "store_ready"
    STORE_OUTDATED = "store_outdated"
    STORE_EMPTY = "store_empty"
    STORE_FAILED = "store_failed"
    STORE_UNCHECKED = "store_unchecked"
    RECEIVER_ANSWERS = "receiver_answers"
    RECEIVER_ERROR = "receiver_error"
    RECEIVER_UNREACHABLE = "receiver_unreachable"
    OUT_OF_TIME = "out_of_time"


_SENTENCES: Mapping[Level, Mapping[FindingCode, str]] = {
    Level.OK: {
        FindingCode.TOKEN_ACCEPTED: "The gateway accepts the token. Devices: {devices}.",
        FindingCode.ROLE_KNOWN: "The token's role is {role}.",
        FindingCode.CLOCK_AGREES: "The clocks agree: {skew} s apart.",
        FindingCode.CERTIFICATE_TRUSTED: (
            "The certificate is trusted: {subject}, issued by {issuer}, valid until {expires} "
            "({days} days)."
        ),
        FindingCode.LATENCY_GOOD: (
            "The gateway answers in {median_ms} ms (median of {samples}, slowest {slowest_ms} ms)."
        ),
        FindingCode.READ_MATCHES: "{read} answers as documented.",
        FindingCode.STATUS_RIGHT_DEVICE: "Status answers about the device it is asked for.",
        FindingCode.WEBHOOK_PER_DEVICE: "Each device has a webhook of its own.",
        FindingCode.SIGNATURES_RIGHT: (
            "The signatures of {right} deliveries are right: {of_body} of the body, {of_data} of "
            "its data."
        ),
        FindingCode.STORE_READY: (
            "The store ({database}) is readable, version {version}: {devices} devices, "
            "{alerts} alerts, {orders} waiting orders, {notes} notes."
        ),
        FindingCode.STORE_EMPTY: (
            "The store ({database}) has no tables yet. They are created when the "
            "supervisor opens it."
        ),
        FindingCode.RECEIVER_ANSWERS: (
            "The webhook's address {host} answers from here ({status}). Only a delivery "
            "can show whether the gateway reaches it."
        ),
    },
    Level.WARN: {
        FindingCode.ROLE_ADMIN: (
            "The token is an admin's: whoever has it can read everybody's tokens. Use a "
            "user's token instead: that is enough."
        ),
        FindingCode.CLOCK_SKEWED: (
            "The gateway's clock is {skew} s off this machine's. Check which of the two is wrong."
        ),
        FindingCode.CERTIFICATE_EXPIRES_SOON: (
            "The certificate expires in {days} days, on {expires}: {subject}, issued by "
            "{issuer}. Tell the gateway's operator."
        ),
        FindingCode.PLAIN_HTTP: (
            "The gateway's address is plain http://, so others can read the token. That is "
            "fine only on this machine."
        ),
        FindingCode.LATENCY_HIGH: (
            "The gateway is slow: {median_ms} ms (median of {samples}, slowest {slowest_ms} ms)."
        ),
        FindingCode.READ_DEVIATES: "{read} deviates from its documentation:",
        FindingCode.READ_NOT_OFFERED: (
            "{read} answers {status}: it is not offered here, or there is nothing to read."
        ),
        FindingCode.WEBHOOK_SHARED: (
            "The gateway ignores device_id for webhooks: two devices show the same one. Setting "
            "one device's webhook would replace another's."
        ),
        FindingCode.SIGNATURES_WRONG: (
            "{wrong} deliveries had a signature that fits neither their body nor its data; "
            "{right} had a right one. They carried the secret header, so they were "
            "accepted: the gateway may sign in a way that WUTS does not know."
        ),
        FindingCode.STORE_OUTDATED: (
            "The store ({database}) has version {version}. It is updated when the supervisor "
            "opens it next."
        ),
        FindingCode.RECEIVER_ERROR: (
            "The webhook's address {host} answers with {status}. Check the address."
        ),
    },
    Level.FAIL: {
        FindingCode.GATEWAY_UNREACHABLE: "The gateway cannot be reached ({problem}).",
        FindingCode.TOKEN_REFUSED: (
            "The gateway refuses the token ({status}). Create a new one in WUTS."
        ),
        FindingCode.CERTIFICATE_REFUSED: (
            "The certificate is refused ({problem}): {subject}, issued by {issuer}, valid until "
            "{expires}."
        ),
        FindingCode.READ_BROKEN: "{read} is not as documented, even in required fields:",
        FindingCode.READ_FAILED: "{read} failed: {problem} (status {status}).",
        FindingCode.STATUS_OTHER_DEVICE: (
            "Status answers about another device than it is asked for. Don't trust what "
            "this gateway says about a device."
        ),
        FindingCode.STORE_FAILED: "The store does not work ({problem}).",
        FindingCode.RECEIVER_UNREACHABLE: (
            "The webhook's address {host} cannot be reached from here: {problem}."
        ),
    },
    Level.UNKNOWN: {
        FindingCode.TOKEN_UNKNOWN: "The token could not be checked: the listing failed.",
        FindingCode.ROLE_SEES_OTHERS: (
            "The gateway does not report the token's role. It lists {others} devices of "
            "other users, so it may be an admin's or a manager's. A user's token is enough."
        ),
        FindingCode.ROLE_UNKNOWN: (
            "The gateway does not report the token's role. A user's token is enough."
        ),
        FindingCode.CLOCK_UNKNOWN: "The gateway's answers have no readable Date.",
        FindingCode.CERTIFICATE_UNKNOWN: "The certificate could not be read from here: {problem}.",
        FindingCode.LATENCY_UNKNOWN: "The latency could not be measured.",
        FindingCode.READ_SKIPPED: "{read} was not tried: there is no device.",
        FindingCode.WEBHOOK_SCOPE_UNKNOWN: (
            "Could not check whether each device has a webhook of its own: that takes two "
            "devices and a webhook."
        ),
        FindingCode.SIGNATURES_MISSING: (
            "No delivery had a signature ({missing} seen). The secret header alone keeps strangers "
            "out."
        ),
        FindingCode.STORE_UNCHECKED: (
            "The store was not checked: install the extras supervisor and store."
        ),
        FindingCode.OUT_OF_TIME: "The rest was not checked: it took longer than {seconds} s.",
    },
}
"""By how bad a finding is; the names in braces are its parameters."""

SENTENCES = {code: text for texts in _SENTENCES.values() for code, text in texts.items()}


def level_of(code: FindingCode) -> Level:
    """Return how bad a finding is."""
    return next(level for level, texts in _SENTENCES.items() if code in texts)
