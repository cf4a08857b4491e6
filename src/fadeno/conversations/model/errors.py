"""What conversations refuse, and what to do then."""

from typing import Any

from fadeno.kit.errors import Conflict, FadenoError, Invalid, NotFound


class NoCase(NotFound):
    """There is no such case."""

    code = "no_case"


class NoMessage(NotFound):
    """There is no such message in a case."""

    code = "no_message"


class NoAct(NotFound):
    """Nothing of that kind was done that could be taken back."""

    code = "no_act"


class Unseen(Conflict):
    """Something was said in this case that you have not seen yet."""

    code = "unseen"
    hint = "Read it, then send again with its position as seen_upto."

    def __init__(self, newer: int, last: int) -> None:
        self.newer, self.last = newer, last
        super().__init__(f"{newer} newer messages are in this case.", field="seen_upto", word="unseen_n", n=newer)


class Gone(Conflict):
    """This case was merged into another one."""

    code = "case_gone"
    hint = "Go on in the case that took its messages."


class NotMovable(Conflict):
    """These cases can't be merged or split like that."""

    code = "not_movable"


class ChangedSince(Conflict):
    """It was changed again since, so it can't be taken back alone."""

    code = "changed_since"
    hint = "Take back what was done later first."


class TooLate(Conflict):
    """The message is on its way and can't be held back any more."""

    code = "too_late"


class RatingOver(FadenoError):
    """The time to say how content you were is over."""

    code = "rating_over"
    status = 410
    hint = "Write to us: we read every message."


class CantBeSent(Invalid):
    """That can't be sent to this address."""

    code = "cant_be_sent"

    def __init__(self, reason: str, *, instead: tuple[Any, ...] = ()) -> None:
        self.reason, self.instead = reason, instead
        hint = f"The address {instead[0]} can be written to." if instead else None
        super().__init__(f"That can't be sent there: {reason}.", field="address", hint=hint, word="cant_be_sent")
