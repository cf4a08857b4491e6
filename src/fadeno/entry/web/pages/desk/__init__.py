"""The desk: lists of cases, one case with its stream and composer, and the customer beside it."""

from fadeno.entry.web.pages.desk import areas, changing, helping, listing, saying, showing

routes = [*listing.routes, *showing.routes, *saying.routes, *changing.routes, *helping.routes, *areas.routes]
