"""Pages of commerce: orders, products, places."""

from fadeno.entry.web.pages.commerce import orders, products

routes = [*orders.routes, *products.routes]
