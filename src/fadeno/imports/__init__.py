"""Files brought in, row by row: nothing doubled, nothing lost, everything told, and all of it taken back on request.

A file is looked at first (which column holds what, what would happen), then brought in as evidence about customers, as
orders, products or stock. Each row is known again by what names it in its source, for ever: the same file changes
nothing, a corrected one changes just that. Rows that can't be understood come back with the reason beside each.
"""

from fadeno.imports.actions.exporting import LISTS, export
from fadeno.imports.actions.forgetting import forget
from fadeno.imports.actions.handing import cancel, hand_in, leave, start, understand, wanted
from fadeno.imports.actions.listing import Asked, gone, gone_customers
from fadeno.imports.actions.taking_back import start as start_taking_back
from fadeno.imports.actions.trying import rows_of, try_out
from fadeno.imports.model import (
    TARGETS,
    AnotherAtWork,
    Conflict,
    FileGone,
    GaveUp,
    Import,
    NeedsCurrency,
    NoImport,
    NotNow,
    Options,
    OurFault,
    Preview,
    Reason,
    RefusedRow,
    ShownRow,
    Stopped,
    TooMuchMemory,
    UnclearKind,
    WrongKind,
    checked,
    see_that_it_fits,
)
from fadeno.imports.reads import get, imports, preview, refused, said_before, taken_so_far
from fadeno.imports.tasks import (
    KEPT_FILES,
    bring_in,
    kept,
    look,
    look_through,
    receive,
    take_back,
    take_in,
    trim,
    work,
    write_refused,
)
from fadeno.sheets import Unreadable

__all__ = [
    "KEPT_FILES",
    "LISTS",
    "TARGETS",
    "AnotherAtWork",
    "Asked",
    "Conflict",
    "FileGone",
    "GaveUp",
    "Import",
    "NeedsCurrency",
    "NoImport",
    "NotNow",
    "Options",
    "OurFault",
    "Preview",
    "Reason",
    "RefusedRow",
    "ShownRow",
    "Stopped",
    "TooMuchMemory",
    "UnclearKind",
    "Unreadable",
    "WrongKind",
    "bring_in",
    "cancel",
    "checked",
    "export",
    "forget",
    "get",
    "gone",
    "gone_customers",
    "hand_in",
    "imports",
    "kept",
    "leave",
    "look",
    "look_through",
    "preview",
    "receive",
    "refused",
    "rows_of",
    "said_before",
    "see_that_it_fits",
    "start",
    "start_taking_back",
    "take_back",
    "take_in",
    "taken_so_far",
    "trim",
    "try_out",
    "understand",
    "wanted",
    "work",
    "write_refused",
]
