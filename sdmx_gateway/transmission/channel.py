"""The way to a recipient, as the gateway sees it: hand a parcel over, or look whether it is there.

A channel need not be exactly-once; it must be honest. ``deliver`` answers what the receiver said. When it cannot know,
it raises :class:`~sdmx_gateway.errors.ChannelError`, and the gateway treats the parcel as *possibly there*: before
anything is sent again, ``find`` is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sdmx_gateway.errors import UsageError
from sdmx_gateway.transmission.instant import instant_text, read_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is handed over: the sealed bytes, and the name and id they always go under."""

    transmission_id: str
    recipient: str
    name: str
    sha256: str
    content: bytes

    @property
    def size(self) -> int:
        """How many bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receiver gives back: it has these bytes, under this id, as its version so-and-so.

    Attributes:
        transmission_id: the id the parcel was sent under.
        name: the name the receiver keeps it under.
        sha256: digest of what the receiver has.
        size: bytes the receiver has.
        delivered_at: when the receiver took it.
        version: the receiver's counter of files under one name, ``V0001`` for the first.
    """

    transmission_id: str
    name: str
    sha256: str
    size: int
    delivered_at: datetime
    version: str

    def is_for(self, parcel: Parcel) -> bool:
        """Whether it acknowledges this very parcel: id, digest and size."""
        expected = (parcel.transmission_id, parcel.sha256, parcel.size)
        return (self.transmission_id, self.sha256, self.size) == expected

    def as_dict(self) -> dict[str, Any]:
        """The receipt as JSON values."""
        return {
            "transmission": self.transmission_id,
            "name": self.name,
            "sha256": self.sha256,
            "size": self.size,
            "delivered_at": instant_text(self.delivered_at),
            "version": self.version,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Receipt:
        """The receipt :meth:`as_dict` wrote.

        Raises:
            UsageError: it is not a receipt.
        """
        types = {"transmission": str, "name": str, "sha256": str, "size": int, "delivered_at": str, "version": str}
        wrong = [word for word, kind in types.items() if not isinstance(values.get(word), kind)]
        if wrong:
            raise UsageError(f"not a receipt: {', '.join(wrong)} missing or not in its type")
        try:
            delivered_at = read_instant(values["delivered_at"])
        except ValueError as error:
            raise UsageError(f"not a receipt: {error}") from error
        return cls(
            transmission_id=values["transmission"],
            name=values["name"],
            sha256=values["sha256"],
            size=values["size"],
            delivered_at=delivered_at,
            version=values["version"],
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """The receiver's no, in its own words."""

    reason: str


Answer = Receipt | Refusal
"""What a receiver says about a parcel."""


class Channel(Protocol):
    """A way to a recipient."""

    def describe(self, parcel: Parcel) -> str:
        """Where the parcel would go, for a person to read. Touches nothing."""
        ...

    def deliver(self, parcel: Parcel, *, now: datetime) -> Answer | None:
        """Hand the parcel over; ``None`` when the answer comes later, through :meth:`find`.

        Raises:
            ChannelError: it is not known whether the receiver has the parcel.
        """
        ...

    def find(self, parcel: Parcel, *, now: datetime) -> Answer | None:
        """What the receiver says about a parcel sent before.

        ``None`` is an answer too: the receiver certainly does not have the parcel, and if a sending of it was cut short
        it may be sent again; if it was handed over whole, its answer is still to come.

        Raises:
            ChannelError: the receiver cannot be asked, or cannot say.
        """
        ...
