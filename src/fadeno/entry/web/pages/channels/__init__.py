"""The accounts we speak through: which there are and how they fare, making, changing and trying them."""

from fadeno.entry.web.pages.channels import listing, one, reaching

routes = [*listing.routes, *one.routes, *reaching.routes]
