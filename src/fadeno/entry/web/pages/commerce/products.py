"""Pages of products and places: what is sold, for how much, where, and how much there was when last counted."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from fadeno import commerce, imports
from fadeno.access import Actor
from fadeno.commerce import Price
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import amounts, page, values
from fadeno.entry.web.pages.customers import seeing

_MOST = 50
_MOST_TOLD = 2  # prices of a product in the list; of more it is said that there are


@get("/products", include_in_schema=False)
async def list_products(request: Request) -> Response:
    """Products by name, or those that match what was typed."""
    q = request.query_params.get("q", "")[:256]
    after = request.query_params.get("after", "")[:400] or None
    async with door.opened(request, "see", "products") as (tx, actor):
        found, more = await commerce.products(tx, q=q, after=after, limit=_MOST)
        ids = [one.id for one in found]
        context = {
            "found": found,
            "gone": await imports.gone(tx, ids),
            "prices": await _prices(tx, (await _clock(request, tx, actor)).now.date(), ids),
            "q": q,
            "after": after,
            "more": more,
            "here": "products",
            "cost": amounts.price,
        }
        if request.headers.get("hx-request") == "true" and not request.headers.get("hx-boosted"):
            look = await page.look_of(tx, actor)
            return page.render(request, "commerce/product_rows.html", actor=actor, look=look, **context)
        return await page.inside(request, tx, actor, "commerce/products.html", **context)


@get("/products/{product_id:uuid}", include_in_schema=False)
async def show_product(request: Request, product_id: FromPath[UUID]) -> Response:
    """One product with its variants, prices and what sources said of stock."""
    async with door.opened(request, "see", "products") as (tx, actor):
        product = await commerce.product(tx, product_id)
        prices, stock = await commerce.prices(tx, product.id), await commerce.stock(tx, product.id)
        now = set(await commerce.prices_on(tx, (await _clock(request, tx, actor)).now.date(), product.id))
        return await page.inside(
            request,
            tx,
            actor,
            "commerce/product.html",
            product=product,
            whole=await commerce.product(tx, product.whole_id) if product.whole_id else None,
            variants=await commerce.variants(tx, product.id),
            prices=[(price, price in now) for price in prices],
            stock=stock,
            gone=await imports.gone(tx, [product.id, *(part.id for part in stock)]),
            names=await seeing.source_names(tx),
            cost=amounts.price,
            figure=amounts.figure,
        )


@get("/places", include_in_schema=False)
async def list_places(request: Request) -> Response:
    """Places by name, with their opening hours as given."""
    after = request.query_params.get("after", "")[:400] or None
    async with door.opened(request, "see", "products") as (tx, actor):
        found, more = await commerce.places(tx, after=after, limit=_MOST)
        context = {"found": found, "after": after, "more": more, "names": await seeing.source_names(tx)}
        context["gone"] = await imports.gone(tx, [one.id for one in found])
        context["hours"] = values.hours
        return await page.inside(request, tx, actor, "commerce/places.html", here="products", **context)


async def _clock(request: Request, tx: Tx, actor: Actor) -> Any:
    return page.times(request, await page.look_of(tx, actor))


async def _prices(tx: Tx, day: date, ids: Collection[UUID]) -> dict[UUID, list[Price]]:
    """What products cost on a day, as far as a list tells it."""
    found: dict[UUID, list[Price]] = {}
    for price in await commerce.prices_on(tx, day, *ids, most=_MOST_TOLD + 1):
        found.setdefault(price.product_id, []).append(price)
    return found


routes = [list_products, show_product, list_places]
