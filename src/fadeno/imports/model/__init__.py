"""The words and pure rules of imports."""

from fadeno.imports.model.errors import (
    AnotherAtWork,
    FileGone,
    GaveUp,
    NeedsCurrency,
    NoImport,
    NotNow,
    Stopped,
    TooMuchMemory,
    UnknownTarget,
    UnknownZone,
    WrongKind,
)
from fadeno.imports.model.fitting import can_be_answered, lacks_currency, see_that_it_fits
from fadeno.imports.model.goods import SaidGoods, product, stock
from fadeno.imports.model.happenings import event, message
from fadeno.imports.model.keys import Ordinals, content_of, digest, fields_of, fingerprint, headers_of, key_of, name_of
from fadeno.imports.model.orders import OrderRow, SaidOrder, order, order_row
from fadeno.imports.model.people import TRAITS, customer
from fadeno.imports.model.preview import MOST_SHOWN, Preview, ShownRow
from fadeno.imports.model.returning import FIELDS as RETURNING_FIELDS
from fadeno.imports.model.returning import NAMES as RETURNING_NAMES
from fadeno.imports.model.returning import Returned, cells_of, judge, returned, version_of
from fadeno.imports.model.returning import saying as edited
from fadeno.imports.model.saying import OBSERVED, OURS, Context, Refused, Saying, crm_kind
from fadeno.imports.model.shapes import (
    COUNTS,
    OVER,
    TARGETS,
    WORKING,
    Batch,
    Import,
    Item,
    Options,
    Reason,
    RefusedRow,
    checked,
)

__all__ = [
    "COUNTS",
    "MOST_SHOWN",
    "OBSERVED",
    "OURS",
    "OVER",
    "RETURNING_FIELDS",
    "RETURNING_NAMES",
    "TARGETS",
    "TRAITS",
    "WORKING",
    "AnotherAtWork",
    "Batch",
    "Context",
    "FileGone",
    "GaveUp",
    "Import",
    "Item",
    "NeedsCurrency",
    "NoImport",
    "NotNow",
    "Options",
    "OrderRow",
    "Ordinals",
    "Preview",
    "Reason",
    "Refused",
    "RefusedRow",
    "Returned",
    "SaidGoods",
    "SaidOrder",
    "Saying",
    "ShownRow",
    "Stopped",
    "TooMuchMemory",
    "UnknownTarget",
    "UnknownZone",
    "WrongKind",
    "can_be_answered",
    "cells_of",
    "checked",
    "content_of",
    "crm_kind",
    "customer",
    "digest",
    "edited",
    "event",
    "fields_of",
    "fingerprint",
    "headers_of",
    "judge",
    "key_of",
    "lacks_currency",
    "message",
    "name_of",
    "order",
    "order_row",
    "product",
    "returned",
    "see_that_it_fits",
    "stock",
    "version_of",
]
