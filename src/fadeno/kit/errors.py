"""The one shape in which fadeno says no: what is wrong, where, and what to do next."""


class FadenoError(Exception):
    """Something asked of fadeno can't be done.

    Subclasses live in a room's `model.py`; their docstring is the default sentence to the person.

    Attributes:
        code: stable word for programs, documented in docs/errors.md.
        status: HTTP status the doors answer with.
        field: the input the fault is in, if one is.
        hint: what to do next.
    """

    code = "refused"
    status = 400
    hint: str | None = None

    def __init__(self, message: str | None = None, *, field: str | None = None, hint: str | None = None) -> None:
        self.message = message or (self.__doc__ or "").split("\n", 1)[0]
        self.field = field
        self.hint = hint or type(self).hint
        super().__init__(self.message)


class NotFound(FadenoError):
    """There is nothing here by that name."""

    code = "not_found"
    status = 404


class Invalid(FadenoError):
    """A value can't be used as given."""

    code = "invalid"
    status = 400


class Conflict(FadenoError):
    """That contradicts what is already there."""

    code = "conflict"
    status = 409
