"""How a process that makes many short-lived objects looks for garbage."""

import gc

_AFTER = (50_000, 20, 100)  # a group of 2,000 events makes 100,000 objects that all end with it


def spare() -> None:
    """Leave what stands now alone until the end: looking through it again and again took a third of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_AFTER)
