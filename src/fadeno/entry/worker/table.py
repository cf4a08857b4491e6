"""What is done later and every so often: the one list."""

from collections.abc import Mapping
from functools import partial

import httpx

from fadeno import (
    access,
    chats,
    commerce,
    conversations,
    customers,
    events,
    files,
    imports,
    intake,
    jobs,
    promises,
    switchboard,
    webhooks,
)
from fadeno import app as house
from fadeno.app import App
from fadeno.entry.worker.children import Children

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 24 * HOUR_S


def timers(app: App, children: Children) -> list[jobs.Timer]:
    """Every timer: its name, its rhythm, one step of it."""
    destroy_old_keys = partial(intake.destroy_old_keys, journal_days=app.settings.journal_days)
    return [
        jobs.Timer("tell webhooks", 1, webhooks.fan_out, woken=True),
        jobs.Timer("rewrite customers", 2, customers.rewrite_events, woken=True),
        jobs.Timer("learn spellings", MINUTE_S, customers.learn_spellings),
        jobs.Timer("forget spellings", DAY_S, customers.forget_spellings),
        jobs.Timer("learn ways", 10, customers.learn_ways),
        jobs.Timer("find likely pairs", MINUTE_S, children.seek),
        jobs.Timer("weigh news", 2, customers.weigh_news, woken=True),
        jobs.Timer("merge likely pairs", 2, customers.go_on_rounds, woken=True),
        jobs.Timer("keep order", MINUTE_S, customers.keep_order),
        jobs.Timer("keep order of products", MINUTE_S, commerce.keep_order),
        jobs.Timer("make pieces of messages", HOUR_S, conversations.make_pieces),
        jobs.Timer("warn of cases", 10, conversations.warn),
        jobs.Timer("tell broken times", 10, conversations.tell_broken),
        jobs.Timer("wake cases", 10, conversations.wake),
        jobs.Timer("count due times anew", MINUTE_S, conversations.retime),
        jobs.Timer("route cases", 2, conversations.route, woken=True),
        jobs.Timer("go on with undelivered answers", 30, partial(conversations.go_on, already=chats.were_sent_on)),
        jobs.Timer("ask for ratings", MINUTE_S, partial(house.ask_ratings, app=app)),
        jobs.Timer("warn of promises", 10, partial(promises.warn, tell=house.remind)),
        jobs.Timer("break promises", 10, promises.break_overdue),
        jobs.Timer("send chats on", 30, chats.send_on),
        jobs.Timer("forget old passes", DAY_S, chats.drop_passes),
        jobs.Timer("take up imports", 2, children.take_up, woken=True),
        jobs.Timer("trim imports", HOUR_S, imports.trim),
        jobs.Timer("fold accounts", 10 * MINUTE_S, intake.fold_accounts),
        jobs.Timer("forget message keys", HOUR_S, intake.forget_old_messages),
        jobs.Timer("empty parcels", HOUR_S, partial(switchboard.empty_parcels, journal_days=app.settings.journal_days)),
        jobs.Timer("destroy journal keys", HOUR_S, destroy_old_keys),
        jobs.Timer("forget unsent attachments", HOUR_S, files.forget_waiting),
        jobs.Timer("sweep attachments", DAY_S, files.plan_sweep),
        jobs.Timer("make log partitions", DAY_S, events.ensure_partitions),
        jobs.Timer("forget old signs", DAY_S, events.trim_signs),
        jobs.Timer("trim sign-ins", HOUR_S, access.trim),
        jobs.Timer("trim webhook attempts", DAY_S, webhooks.trim),
        jobs.Timer("trim failed jobs", DAY_S, jobs.trim_failed),
    ]


def deliveries(app: App, http: httpx.AsyncClient) -> Mapping[str, jobs.Delivery]:
    """How each kind of job of the outbox is done."""
    return {
        webhooks.KIND: webhooks.delivery(app.vault, http),
        switchboard.UNDERSTAND: house.understanding(app, http),
        switchboard.CARRY: house.carrying(app, http),
        **files.deliveries(app.shelf),
    }
