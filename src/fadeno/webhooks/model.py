"""Shapes of subscriptions and the rules of signing and of judging an answer. Pure.

Source: Standard Webhooks 1.0, https://github.com/standard-webhooks/standard-webhooks, read 2026-11-23.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from fadeno import jobs
from fadeno.events import Event
from fadeno.kit.errors import Invalid, NotFound
from fadeno.kit.outward import Answer

KIND = "webhooks.deliver"
GIVE_UP_AFTER = timedelta(days=3)
OLD_SECRET_LIFE = timedelta(days=1)
ATTEMPTS_KEPT = timedelta(days=30)
SECRET_PREFIX = "whsec_"  # noqa: S105 - the public beginning of every secret
SECRET_BYTES = 32
MOST_KINDS = 100
MOST_OPEN = 1000
NOTED_EVERY = timedelta(seconds=5)
GONE = 410
_EVENT_REFUSED = (400, 406, 409, 411, 412, 413, 414, 415, 422)


class NoSuchSubscription(NotFound):
    """There is no such webhook."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is told what, and how that goes."""

    id: UUID
    name: str
    url: str
    kinds: list[str]
    state: str
    reason: str | None
    position: int
    failing_since: datetime | None
    delivered_at: datetime | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Sealed:
    """A subscription's secrets as they are kept."""

    secret: bytes
    old_secret: bytes | None
    old_secret_until: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver one event."""

    id: UUID
    message_id: str
    position: int | None
    made_at: datetime
    number: int
    outcome: str
    status: int | None
    duration_ms: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Health:
    """How an endpoint fares: what waits, what was given up, and when it is tried again if it waits out a failure."""

    waiting: int
    given_up: int
    oldest_at: datetime | None
    failures: int
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToldEvent(Event):
    """An event as it is told to one subscription, with the name of its source and what signs it."""

    source: str | None
    url: str
    secret: bytes
    old_secret: bytes | None
    old_secret_until: datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: id and text stay the same at every try, time and signature do not."""

    subscription_id: UUID
    url: str
    id: str
    text: bytes
    keys: tuple[bytes, ...]

    def headers(self, now: datetime) -> dict[str, str]:
        """Headers that let the receiver know it is us, now, and the same message as before."""
        return {
            "Content-Type": "application/json",
            "webhook-id": self.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(sign(key, self.id, now, self.text) for key in self.keys),
        }


def lane(subscription_id: UUID) -> str:
    """The lane of the outbox its events wait in."""
    return f"webhook:{subscription_id}"


def new_secret() -> str:
    """A secret as receivers keep it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that sign."""
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX))


def sign(key: bytes, message_id: str, now: datetime, text: bytes) -> str:
    """One signature of a message, as `v1,base64`."""
    signed = b".".join((message_id.encode(), str(int(now.timestamp())).encode(), text))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def told(event: ToldEvent, position: int) -> bytes:
    """The text of one event."""
    return msgspec.json.encode(
        {
            "type": event.kind,
            "timestamp": event.occurred_at,
            "data": {
                "id": event.id,
                "position": position,
                "kind": event.kind,
                "name": event.name,
                "channel": event.channel,
                "source": event.source,
                "customer_id": event.customer_id,
                "address_id": event.address_id,
                "occurred_at": event.occurred_at,
                "received_at": event.received_at,
                "body": event.body,
            },
        }
    )


def checked_name(name: str, url: str) -> str:
    """A name people can read on one line; the host where none is given.

    Raises:
        Invalid: it is too long or holds characters that can't be shown.
    """
    name = " ".join(name.split()) or url.split("/")[2]
    if len(name) > 100 or not name.isprintable():
        raise Invalid("Use at most 100 letters, digits and signs.", field="name")
    return name


def checked_kinds(kinds: Sequence[str]) -> list[str]:
    """Kinds of events, each once; none means every kind.

    Raises:
        Invalid: there are too many, or one can't be a kind.
    """
    found = list(dict.fromkeys(kind.strip() for kind in kinds))
    if len(found) > MOST_KINDS:
        raise Invalid(f"Name at most {MOST_KINDS} kinds, or none for all.", field="kinds")
    for kind in found:
        if not kind.partition(":")[0] or len(kind) > 300 or not kind.isprintable():
            raise Invalid("A kind is a word like track, or track:Order Completed.", field="kinds")
    return found


def delivered(answer: Answer) -> bool:
    """Whether the other side took it: 2xx only; we do not follow redirects to where we did not look."""
    return answer.status is not None and 200 <= answer.status < 300


def is_about_the_event(answer: Answer) -> bool:
    """Whether it is this event that is refused, rather than the endpoint that is down or set up wrongly."""
    return answer.status in _EVENT_REFUSED


def in_words(answer: Answer) -> str:
    """Why it was not delivered."""
    return f"status {answer.status}" if answer.status else answer.error or "no answer"


def disabled_because(answer: Answer, failing_since: datetime | None, now: datetime) -> str | None:
    """Why an endpoint is to be switched off now, or None."""
    if answer.status == GONE:
        return "It answered 410: gone for good."
    if is_about_the_event(answer) or failing_since is None or now - failing_since < GIVE_UP_AFTER:
        return None
    return f"Nothing was delivered for {GIVE_UP_AFTER.days} days. Last: {in_words(answer)}."


def verdict(
    answer: Answer, job: jobs.Job, now: datetime, *, disabled: bool, steps_s: Sequence[float] | None
) -> jobs.Verdict:
    """What becomes of an event after this answer. Those of a switched-off endpoint wait, none is given up."""
    if delivered(answer):
        return jobs.Done()
    if not disabled and job.tried_at and now - job.tried_at > GIVE_UP_AFTER:
        return jobs.Failed(in_words(answer))
    down = not is_about_the_event(answer)
    return jobs.Retry(in_words(answer), answer.retry_after_s, whole_lane=down, steps_s=steps_s)


OUTCOMES = {jobs.Done: "delivered", jobs.Retry: "retry", jobs.Failed: "given_up"}
