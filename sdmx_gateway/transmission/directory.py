"""The directory channel: a folder per recipient, which somebody or something else empties.

It is the local outbox, and the way into any system that collects files from a folder. There is no partner to answer, so
the channel keeps the receiver's side itself: a version counter per name, and a receipt beside every file::

    outbox/ESTAT/CRIM_GENREG_A_FR_2024_0000.xml                      the first file of that name: V0001
    outbox/ESTAT/CRIM_GENREG_A_FR_2024_0000.xml.receipt.json
    outbox/ESTAT/CRIM_GENREG_A_FR_2024_0000_V0002.xml                another transmission under the same name
    outbox/ESTAT/CRIM_GENREG_A_FR_2024_0000_V0002.xml.receipt.json

What a collector may rely on: a file is whole from the moment it has its name, and never changes; a file is delivered
from the moment its receipt is beside it. It should take files that have a receipt, and leave the receipt: a receipt
alone still says that the file was delivered, and keeps its version taken.

A parcel is known by its transmission id. Delivered again, it gets the receipt it has. Cut short between file and
receipt, it is completed: the file with these very bytes and no receipt is ours.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from sdmx_gateway.errors import ChannelError, UsageError, Where
from sdmx_gateway.transmission.canonical_json import canonical_json
from sdmx_gateway.transmission.channel import Parcel, Receipt
from sdmx_gateway.transmission.durable_file import make_folder, settle, write_new
from sdmx_gateway.transmission.occurrence import version_text
from sdmx_gateway.transmission.turn import file_turn

RECEIPT_ENDING: Final = ".receipt.json"
_FINAL: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTSUP, errno.ENAMETOOLONG, errno.ENOTDIR})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the n-th file of a name is kept, with its receipt."""

    version: int
    file: Path

    @property
    def receipt(self) -> Path:
        return self.file.with_name(self.file.name + RECEIPT_ENDING)


class DirectoryChannel:
    """Delivers into ``<folder>/<recipient>/``. The file system must have hard links."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def describe(self, parcel: Parcel) -> str:
        return f"into the folder {self._folder / parcel.recipient}, as {parcel.name}"

    def deliver(self, parcel: Parcel, *, now: datetime) -> Receipt:
        with self._alone(parcel):
            for place in self._places(parcel):
                receipt = _read_receipt(place)
                if receipt is None and (_holds(place, parcel) or write_new(place.file, parcel.content)):
                    return _complete(place, parcel, now)
                if receipt is not None and receipt.transmission_id == parcel.transmission_id:
                    return _settled(place, receipt)
        raise AssertionError("places are counted without end")

    def find(self, parcel: Parcel, *, now: datetime) -> Receipt | None:
        with self._alone(parcel):
            for place in self._places(parcel):
                receipt = _read_receipt(place)
                if receipt is not None and receipt.transmission_id == parcel.transmission_id:
                    return _settled(place, receipt)
                if receipt is None and _holds(place, parcel):
                    return _complete(place, parcel, now)
                if receipt is None and not place.file.exists():
                    return None
        raise AssertionError("places are counted without end")

    def _places(self, parcel: Parcel) -> Iterator[_Place]:
        stem, dot, endings = parcel.name.partition(".")
        folder = self._folder / parcel.recipient
        yield _Place(1, folder / parcel.name)
        for version in count(2):
            yield _Place(version, folder / f"{stem}_{version_text(version)}{dot}{endings}")

    @contextmanager
    def _alone(self, parcel: Parcel) -> Iterator[None]:
        """Hold the recipient's folder, and say what the file system said in the channel's words."""
        folder = self._folder / parcel.recipient
        try:
            make_folder(folder)
            with file_turn(self._folder / f".{parcel.recipient}.lock"):
                yield
        except OSError as error:
            raise ChannelError(
                f"{parcel.name} could not be put into {folder}: {error.strerror}",
                retriable=error.errno not in _FINAL,
                where=Where(file=str(error.filename or folder)),
                remedy="see that the folder is there, may be written, has room and hard links; then send again",
            ) from error
        except UsageError as error:  # the version counter is over
            raise ChannelError(
                f"{parcel.name} could not be put into {folder}: {error.what}", retriable=False
            ) from error


def _read_receipt(place: _Place) -> Receipt | None:
    try:
        return Receipt.from_dict(json.loads(place.receipt.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, UsageError, AttributeError) as error:
        raise ChannelError(
            f"{place.receipt.name} is not a receipt of ours: {error}",
            retriable=False,
            where=Where(file=str(place.receipt)),
            remedy="find out who wrote it; put the right one back or take it away, then send again",
        ) from error


def _holds(place: _Place, parcel: Parcel) -> bool:
    """Whether the place holds exactly the parcel's bytes."""
    try:
        with place.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == parcel.sha256
    except FileNotFoundError:
        return False


def _complete(place: _Place, parcel: Parcel, now: datetime) -> Receipt:
    """Write the receipt of a file that is in its place."""
    receipt = Receipt(
        transmission_id=parcel.transmission_id,
        name=place.file.name,
        sha256=parcel.sha256,
        size=parcel.size,
        delivered_at=now,
        version=version_text(place.version),
    )
    write_new(place.receipt, f"{canonical_json(receipt.as_dict())}\n".encode())
    return _settled(place, receipt)


def _settled(place: _Place, receipt: Receipt) -> Receipt:
    """The receipt, once neither it nor its file can be lost, nor a part of either is left."""
    settle(place.file)
    settle(place.receipt)
    return receipt
