"""Pages of orders: all of them, one customer's, one with its lines."""

from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import access, commerce, customers
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page
from fadeno.entry.web.amounts import amount, figure
from fadeno.entry.web.pages.customers import seeing

_MOST = 50
_IN_SHORT = 5


@get("/orders", include_in_schema=False)
async def list_orders(request: Request) -> Response:
    """Orders newest first, or those whose number begins as typed; of one customer, if `customer` says so."""
    number = request.query_params.get("number", "")[:100]
    before = request.query_params.get("before", "")[:100] or None
    asked = _uuid(request.query_params.get("customer", ""))
    async with door.opened(request, "see", "orders") as (tx, actor):
        whose = await _whose(tx, actor, asked)
        found, more = await commerce.orders(
            tx, number=number, customer_id=whose[0] if whose else None, before=before, limit=_MOST
        )
        if number and not before and not _is_part(request):
            exact = [one for one in found if commerce.number_key(one.number) == commerce.number_key(number)]
            if len(exact or found) == 1:
                return Redirect(f"/orders/{(exact or found)[0].id}", status_code=303)
        context = {
            "found": await commerce.with_lines(tx, found),
            "labels": await _labels(tx, actor, [one.customer_id for one in found if one.customer_id]),
            "number": number,
            "before": before,
            "more": more,
            "whose": whose,
            "here": "orders",
            "amount": amount,
        }
        if _is_part(request):
            look = await page.look_of(tx, actor)
            return page.render(request, "commerce/order_rows.html", actor=actor, look=look, **context)
        return await page.inside(request, tx, actor, "commerce/orders.html", **context)


@get("/orders/{order_id:uuid}", include_in_schema=False)
async def show_order(request: Request, order_id: FromPath[UUID]) -> Response:
    """One order: what, for how much, where, whose."""
    async with door.opened(request, "see", "orders") as (tx, actor):
        order = await commerce.order(tx, order_id)
        await access.note(tx, actor, "see", "order", order.id)
        return await page.inside(
            request,
            tx,
            actor,
            "commerce/order.html",
            order=order,
            labels=await _labels(tx, actor, [order.customer_id] if order.customer_id else []),
            source=(await seeing.source_names(tx)).get(order.source_id, "–"),
            amount=amount,
            figure=figure,
        )


@get("/customers/{customer_id:uuid}/orders", include_in_schema=False)
async def orders_in_short(request: Request, customer_id: FromPath[UUID]) -> Response:
    """The part of a customer's page about their orders; empty where there are none or they may not be seen."""
    async with door.opened(request, "see", "customers") as (tx, actor):
        may = access.may(actor, "see", "orders")
        found, more = await commerce.orders(tx, customer_id=customer_id, limit=_IN_SHORT) if may else ([], None)
        if not found:
            return Response("", media_type="text/html")
        return page.render(
            request,
            "commerce/orders_in_short.html",
            actor=actor,
            look=await page.look_of(tx, actor),
            found=await commerce.with_lines(tx, found),
            more=more,
            spent=await commerce.spent(tx, customer_id),
            customer_id=customer_id,
            amount=amount,
        )


async def _whose(tx: Tx, actor: Actor, asked: UUID | None) -> tuple[UUID, str] | None:
    """The customer whose orders are asked for, and what they are called."""
    if asked is None:
        return None
    access.require(actor, "see", "customers")
    id_ = await customers.customer_of(tx, asked)
    return id_, (await _labels(tx, actor, [id_])).get(id_, "")


async def _labels(tx: Tx, actor: Actor, ids: list[UUID]) -> dict[UUID, str]:
    """What customers are called, as this viewer may read it."""
    if not ids or not access.may(actor, "see", "customers"):
        return {}
    return {one.id: seeing.label_shown(actor, one.label) for one in await customers.summaries(tx, ids)}


def _is_part(request: Request) -> bool:
    return request.headers.get("hx-request") == "true" and not request.headers.get("hx-boosted")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


routes = [list_orders, show_order, orders_in_short]
