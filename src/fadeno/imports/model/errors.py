"""What imports say no to."""

from fadeno.kit.errors import Conflict, FadenoError, Invalid, NotFound


class NoImport(NotFound):
    """There is no such import."""

    code = "no_import"
    hint = "Look at the list of imports."


class NotNow(Conflict):
    """That can't be done with an import in this state."""

    code = "import_not_now"
    hint = "Look at its state."


class AnotherAtWork(Conflict):
    """Another file of this source and kind is being brought in."""

    code = "import_at_work"
    hint = "Wait until it is done, or cancel it."


class WrongKind(Invalid):
    """This does not look like a file of that kind."""

    code = "import_wrong_kind"
    hint = "Say with the columns what they hold, or choose another kind."


class UnclearKind(Invalid):
    """Nothing in the file tells what its rows are."""

    code = "import_unclear_kind"
    hint = "Choose it: customers, orders, products, stock, places, events or messages."


class FileGone(NotFound):
    """The file is not kept any more."""

    code = "import_file_gone"
    hint = "Send it again; what is known of its rows stays."


class UnknownZone(Invalid):
    """There is no such time zone."""

    code = "unknown_zone"
    hint = "Write it as Europe/Budapest."


class UnknownTarget(Invalid):
    """A file holds customers, orders, products, stock, places, events or messages."""

    code = "unknown_target"


class NeedsCurrency(Invalid):
    """Nothing says in which currency the amounts are."""

    code = "import_needs_currency"
    hint = "Say it: EUR, HUF, RSD …"


class TooMuchMemory(Invalid):
    """To read this file takes more memory than an import may have."""

    code = "import_memory"
    hint = "Save it as .csv, or in parts, and send that."


class OurFault(FadenoError):
    """Something went wrong on our side."""

    code = "import_our_fault"
    hint = "Try again; if it stays, tell whoever runs fadeno what stands here."


class GaveUp(Invalid):
    """The process that worked on it ended three times without getting further."""

    code = "import_gave_up"
    hint = "It may need more memory than there is: save it as .csv, or in parts. What is written can be taken back."


class Stopped(Conflict):
    """The import was cancelled; what was brought in so far stays until it is taken back."""

    code = "import_cancelled"
    hint = "Resume it, or take it back."
