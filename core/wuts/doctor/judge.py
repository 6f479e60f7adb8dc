"""What the gateway's answers show: pure judgements, one for each check."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from statistics import median
from typing import Any

from ..models import Webhook
from ..signatures import Signature
from ..verified import are_told_apart
from .contract import Schema, compare, is_serious
from .findings import Finding, Parameter, Problem
from .vocabulary import FindingCode

MOST_SKEW = 5.0
"""Seconds that two clocks may be apart; a Date header alone is a second coarse."""

SLOW = 1.0
"""Seconds in which a read of a few hundred bytes should long be answered."""

ADMIN = "admin"
ROLES = (ADMIN, "manager", "user")
"""The roles of tokens (WUTS reference, Authentication)."""

# What json.loads returns.
type Json = Any


class ReadProblem(StrEnum):
    """Why a read is no success, although it was answered."""

    REFUSED = "refused"
    NOT_JSON = "not_json"
    NO_ENVELOPE = "not_the_gateways_form"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reply:
    """An answer to one read; it has no repr of its own, since it holds phone numbers.

    Attributes:
        status: The HTTP status.
        content: The body as JSON, or None if it is not JSON.
        date: The answer's own ``Date``.
        sent_at: The wall clock's time when the request was sent.
        seconds: How long the answer took.
    """

    status: int
    content: Json
    date: datetime | None
    sent_at: datetime
    seconds: float

    @classmethod
    def of(
        cls, status: int, body: bytes, date: datetime | None, sent_at: datetime, seconds: float
    ) -> "Reply":
        """Read a body as JSON, if it is."""
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            content = None
        return cls(status=status, content=content, date=date, sent_at=sent_at, seconds=seconds)

    @property
    def is_good(self) -> bool:
        """Whether it is a success, and says nothing else."""
        is_success = HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
        return is_success and self.at("success") is not False and self.content is not None

    @property
    def has_envelope(self) -> bool:
        """Whether it is a refusal in the gateway's own form."""
        return self.at("success") is False

    def at(self, *names: str) -> Json:
        """Return what lies under these names, or None."""
        inner = self.content
        for name in names:
            inner = inner.get(name) if isinstance(inner, dict) else None
        return inner

    def rows(self, *names: str) -> list[Mapping[str, Json]]:
        """Return the objects of a list that lies under these names."""
        rows = self.at(*names)
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def judge_token(listing: Reply) -> Finding:
    """Return whether the gateway accepts the token; only the listing shows it."""
    if listing.is_good:
        return Finding(FindingCode.TOKEN_ACCEPTED, {"devices": len(listing.rows("devices"))})
    if listing.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) and listing.has_envelope:
        return Finding(FindingCode.TOKEN_REFUSED, {"status": listing.status})
    return Finding(FindingCode.TOKEN_UNKNOWN)


def judge_role(listing: Reply, own: Reply | None) -> Finding:
    """Tell the token's role as far as harmless reads show it.

    Args:
        listing: Of ``GET /devices``.
        own: Of ``GET /user/devices``, or None if there was no answer.
    """
    own_data = own.at("data") if own else None
    said = _role_in(own_data) or _role_in(own.content if own else None) or _role_in(listing.content)
    if said == ADMIN:
        return Finding(FindingCode.ROLE_ADMIN)
    if said:
        return Finding(FindingCode.ROLE_KNOWN, {"role": said})
    user = own_data.get("user_id") if isinstance(own_data, dict) else None
    owners = [row.get("user_id") for row in listing.rows("devices")]
    others = sum(owner is not None and owner != user for owner in owners) if user else 0
    if others:
        return Finding(FindingCode.ROLE_SEES_OTHERS, {"others": others})
    return Finding(FindingCode.ROLE_UNKNOWN)


def _role_in(content: Json) -> str | None:
    """No page documents such a field, but who answers with one means it."""
    for holder in (content, content.get("user") if isinstance(content, dict) else None):
        role = holder.get("role") if isinstance(holder, dict) else None
        if isinstance(role, str) and role.casefold() in ROLES:
            return role.casefold()
    return None


def judge_clock(replies: Iterable[Reply]) -> Finding:
    """Compare the gateway's clock with ours, by the quickest answer that has a ``Date``."""
    dated = [(reply, reply.date) for reply in replies if reply.date]
    if not dated:
        return Finding(FindingCode.CLOCK_UNKNOWN)
    reply, date = min(dated, key=lambda pair: pair[0].seconds)
    # A Date is cut to the second, and was written somewhere between sending and reading.
    ours = reply.sent_at + timedelta(seconds=reply.seconds / 2)
    skew = (date - ours).total_seconds() + 0.5
    agrees = abs(skew) <= MOST_SKEW + reply.seconds / 2
    code = FindingCode.CLOCK_AGREES if agrees else FindingCode.CLOCK_SKEWED
    return Finding(code, {"skew": round(skew)})


def judge_latency(seconds: Sequence[float]) -> Finding:
    """Judge the median of a few small reads."""
    if not seconds:
        return Finding(FindingCode.LATENCY_UNKNOWN)
    middle = median(seconds)
    code = FindingCode.LATENCY_GOOD if middle < SLOW else FindingCode.LATENCY_HIGH
    figures = {"median_ms": _ms(middle), "slowest_ms": _ms(max(seconds)), "samples": len(seconds)}
    return Finding(code, figures)


def judge_read(name: str, reply: Reply, schema: Schema) -> Finding:
    """Compare one answer with its documentation.

    Args:
        name: Method and path, as in the contract.
        reply: The answer.
        schema: Of a success.
    """
    about: dict[str, Parameter] = {"read": name, "status": reply.status}
    is_missing = reply.status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    if is_missing and "device not found" not in str(reply.at("error")).casefold():
        return Finding(FindingCode.READ_NOT_OFFERED, about)
    if not reply.is_good:
        return Finding(FindingCode.READ_FAILED, {**about, "problem": _problem_of(reply)})
    deviations = compare(schema, reply.content)
    code = FindingCode.READ_MATCHES
    if any(map(is_serious, deviations)):
        code = FindingCode.READ_BROKEN
    elif any(one.problem is not Problem.UNKNOWN_FIELD for one in deviations):
        code = FindingCode.READ_DEVIATES
    return Finding(code, {**about, "ms": _ms(reply.seconds)}, deviations)


def _problem_of(reply: Reply) -> ReadProblem:
    if reply.has_envelope:
        return ReadProblem.REFUSED
    return ReadProblem.NOT_JSON if reply.content is None else ReadProblem.NO_ENVELOPE


def judge_status_device(asked: Mapping[str, Reply]) -> Finding | None:
    """Return whether ``GET /status`` answers about the device that it was asked for.

    Args:
        asked: The answers by the device's id.

    Returns:
        None when no answer names a device.
    """
    named = [
        (device_id, answered)
        for device_id, reply in asked.items()
        if (answered := reply.at("data", "device_id"))
    ]
    if not named:
        return None
    right = all(device_id == answered for device_id, answered in named)
    return Finding(FindingCode.STATUS_RIGHT_DEVICE if right else FindingCode.STATUS_OTHER_DEVICE)


def judge_webhook_scope(replies: Iterable[Reply]) -> Finding:
    """Return whether ``GET /webhook`` heeds the device's id, by the answers for several devices."""
    told_apart = are_told_apart([_webhook(reply) for reply in replies if reply.is_good])
    if told_apart is None:
        return Finding(FindingCode.WEBHOOK_SCOPE_UNKNOWN)
    return Finding(FindingCode.WEBHOOK_PER_DEVICE if told_apart else FindingCode.WEBHOOK_SHARED)


def judge_signatures(counts: Mapping[Signature, int]) -> Finding:
    """Return whether the signatures of the deliveries that came were right."""
    about: dict[str, Parameter] = {one.value: counts.get(one, 0) for one in Signature}
    right = counts.get(Signature.OF_BODY, 0) + counts.get(Signature.OF_DATA, 0)
    code = FindingCode.SIGNATURES_RIGHT if right else FindingCode.SIGNATURES_MISSING
    if counts.get(Signature.WRONG):
        code = FindingCode.SIGNATURES_WRONG
    return Finding(code, {"right": right, **about})


def _webhook(reply: Reply) -> Webhook | None:
    webhook_id = reply.at("webhook", "id")
    if reply.at("webhook") is None:
        return None
    return Webhook(id=webhook_id if isinstance(webhook_id, str) else None)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
