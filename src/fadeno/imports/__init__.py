"""Files brought in, row by row: nothing doubled, nothing lost, everything told, and all of it taken back on request.

A file is looked at first (which column holds what, what would happen), then brought in as evidence about customers, as
orders, products or stock. Each row is known again by what names it in its source, for ever: the same file changes
nothing, a corrected one changes just that. Rows that can't be understood come back with the reason beside each.
"""

from fadeno.imports.actions.handing import cancel
from fadeno.imports.model import (
    TARGETS,
    AnotherAtWork,
    FileGone,
    Import,
    NeedsCurrency,
    NoImport,
    NotNow,
    Options,
    Preview,
    Reason,
    RefusedRow,
    ShownRow,
    Stopped,
    WrongKind,
    checked,
)
from fadeno.imports.reads import get, imports, preview, refused
from fadeno.imports.tasks import bring_in, look, look_through, receive, take_back, write_refused

__all__ = [
    "TARGETS",
    "AnotherAtWork",
    "FileGone",
    "Import",
    "NeedsCurrency",
    "NoImport",
    "NotNow",
    "Options",
    "Preview",
    "Reason",
    "RefusedRow",
    "ShownRow",
    "Stopped",
    "WrongKind",
    "bring_in",
    "cancel",
    "checked",
    "get",
    "imports",
    "look",
    "look_through",
    "preview",
    "receive",
    "refused",
    "take_back",
    "write_refused",
]
