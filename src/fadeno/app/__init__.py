"""The one place where rooms are joined."""

from fadeno.app.asking import ask_ratings
from fadeno.app.away import away_here
from fadeno.app.finding import FINDERS
from fadeno.app.forgetting import erase_customer, export_customer
from fadeno.app.joining import CHECKS, WITH, App, open_database, start
from fadeno.app.leaving import RATING, carrying, public_address
from fadeno.app.receiving import receive, understanding
from fadeno.app.reminding import remind

__all__ = [
    "CHECKS",
    "FINDERS",
    "RATING",
    "WITH",
    "App",
    "ask_ratings",
    "away_here",
    "carrying",
    "erase_customer",
    "export_customer",
    "open_database",
    "public_address",
    "receive",
    "remind",
    "start",
    "understanding",
]
