"""Pages of access: signing in, one's own account, members, keys, the audit trail."""

from fadeno.entry.web.pages.access import account, audit, joining, keys, members, signing_in

routes = [
    *signing_in.routes,
    *joining.routes,
    *account.routes,
    *members.routes,
    *keys.routes,
    *audit.routes,
]
