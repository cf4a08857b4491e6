"""Systems we read from: who they are, how far their word goes, and how their fields are to be understood."""

from fadeno.sources.actions import change, create
from fadeno.sources.model import MAPPABLE, Freshness, NameTaken, Source, UnknownSource
from fadeno.sources.reads import all_sources, by_name, get

__all__ = [
    "MAPPABLE",
    "Freshness",
    "NameTaken",
    "Source",
    "UnknownSource",
    "all_sources",
    "by_name",
    "change",
    "create",
    "get",
]
