"""Pages of customers: the list, one customer with their thread, merging and splitting."""

from fadeno.entry.web.pages.customers import deciding, listing, narrowing, person, splitting

routes = [*listing.routes, *narrowing.routes, *person.routes, *deciding.routes, *splitting.routes]
