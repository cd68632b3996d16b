"""From a release to the recipient's receipt: obligations, their calendar, the life of a transmission, the ledger.

What is owed is data (:class:`Obligation`, beside the recipient's mapping module). :class:`Transmissions` prepares,
has approved, seals and sends it through a :class:`Channel`, exactly once whatever breaks, and every step is an entry of
the :class:`Ledger`.
"""

from sdmx_gateway.transmission.calendar import Owed, deadline, owed
from sdmx_gateway.transmission.channel import Answer, Channel, Parcel, Receipt, Refusal
from sdmx_gateway.transmission.directory import DirectoryChannel
from sdmx_gateway.transmission.due import Available, Due
from sdmx_gateway.transmission.ledger import Entry, Head, Ledger
from sdmx_gateway.transmission.life import DELIVERED, TRANSITIONS, UNSEALED, Event, State, step
from sdmx_gateway.transmission.obligation import Deadline, Obligation
from sdmx_gateway.transmission.obligation_files import load_obligations
from sdmx_gateway.transmission.occurrence import DatasetId, Occurrence
from sdmx_gateway.transmission.period import Frequency, Period
from sdmx_gateway.transmission.records import Delivery, Plan, Transmission
from sdmx_gateway.transmission.transmissions import Transmissions

__all__ = [
    "DELIVERED",
    "TRANSITIONS",
    "UNSEALED",
    "Answer",
    "Available",
    "Channel",
    "DatasetId",
    "Deadline",
    "Delivery",
    "DirectoryChannel",
    "Due",
    "Entry",
    "Event",
    "Frequency",
    "Head",
    "Ledger",
    "Obligation",
    "Occurrence",
    "Owed",
    "Parcel",
    "Period",
    "Plan",
    "Receipt",
    "Refusal",
    "State",
    "Transmission",
    "Transmissions",
    "deadline",
    "load_obligations",
    "owed",
    "step",
]
