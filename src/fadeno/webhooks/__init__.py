"""Tells other systems what happened: any kind of event, signed, at least once, in order per customer.

A subscription reads the live stream from a position on. What it wants is put into the outbox, read anew from
the log at the moment it is sent (so an erased customer is erased here too), signed as Standard Webhooks says,
and tried again for three days. An endpoint that is down slows no other; one that stays down is switched off
with a reason that can be read, and goes on where it stopped when it is switched on again.
"""

from fadeno.webhooks.actions import change, create, delete, note_test, replay, rotate
from fadeno.webhooks.model import (
    KIND,
    Attempt,
    Health,
    Message,
    NoSuchSubscription,
    Subscription,
    sign,
)
from fadeno.webhooks.reads import all_subscriptions, attempts, check, get, health, test_message
from fadeno.webhooks.tasks import delivery, fan_out, trim

__all__ = [
    "KIND",
    "Attempt",
    "Health",
    "Message",
    "NoSuchSubscription",
    "Subscription",
    "all_subscriptions",
    "attempts",
    "change",
    "check",
    "create",
    "delete",
    "delivery",
    "fan_out",
    "get",
    "health",
    "note_test",
    "replay",
    "rotate",
    "sign",
    "test_message",
    "trim",
]
