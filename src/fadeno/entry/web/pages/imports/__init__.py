"""Pages of imports: a file handed in, what would happen, what happened."""

from fadeno.entry.web.pages.imports import exporting, handing, one, refused

routes = [*exporting.routes, *handing.routes, *one.routes, *refused.routes]
