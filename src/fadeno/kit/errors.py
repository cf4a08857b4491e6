"""The one shape in which fadeno says no: what is wrong, where, and what to do next."""

from typing import Any


class FadenoError(Exception):
    """Something asked of fadeno can't be done.

    Subclasses live in a room's `model.py`; their docstring is the default sentence to the person.

    Attributes:
        code: stable word for programs; messages/en/errors.toml lists them.
        status: HTTP status the doors answer with.
        field: the input the fault is in, if one is.
        hint: what to do next.
        word: which sentence of the catalogues says this to a person, in their language: the code where the class
            speaks for itself; empty where only `message` does.
        values: what stands in the places of that sentence.
    """

    code = "refused"
    status = 400
    hint: str | None = None

    def __init__(
        self,
        message: str | None = None,
        *,
        field: str | None = None,
        hint: str | None = None,
        word: str | None = None,
        **values: Any,
    ) -> None:
        self.message = message or (self.__doc__ or "").split("\n", 1)[0]
        self.word = word or ("" if message else self.code)
        self.values = values
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
