"""Pages of what the company says: opening hours, saved answers, texts."""

from fadeno.entry.web.pages.content import answers, hours, texts

routes = [*hours.routes, *answers.routes, *texts.routes]
