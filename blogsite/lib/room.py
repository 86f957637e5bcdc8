"""Room for frames. Python takes memory for them 16 kB at a time, and gives the last piece back
once nothing runs on it: where deep calls begin close to the end of a piece, each of them asks the
system for memory. A page of the desk did so seven hundred times."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def roomy(function: Callable[..., T]) -> Callable[..., T]:
    """Called below a frame that wants half a megabyte: what it gets has room for all others."""

    def call(*args: Any, **kwargs: Any) -> T:
        return function(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=2**16)
    return call
