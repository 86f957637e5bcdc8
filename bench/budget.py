from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """A measured figure beside what was promised: at least so much, or at most."""

    what: str
    measured: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_kept(self) -> bool:
        return (self.at_least is None or self.measured >= self.at_least) and (
            self.at_most is None or self.measured <= self.at_most
        )

    def __str__(self) -> str:
        promise = f"≥ {self.at_least:g}" if self.at_most is None else f"≤ {self.at_most:g}"
        verdict = "" if self.is_kept else "   MISSED"
        return f"{self.what:<52}{self.measured:>9.2f} {self.unit:<5} {promise:>8}{verdict}"
