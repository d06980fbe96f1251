"""kombu's Redis transport, whose closed channels say so.

When Redis goes away in the midst of a read, Celery 5.7 closes the connection twice, and the second
time kombu's channel reads attributes of a connection that is gone. Celery takes that AttributeError
for a fault of its own and ends the worker, instead of connecting again.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> Any:  # noqa: FBT001, FBT002 - kombu's signature
        if self.connection is None or self.connection.client is None:
            raise ConnectionResetError("The connection to Redis was closed.")
        return super()._connparams(asynchronous)  # type: ignore[no-untyped-call]


class Transport(redis.Transport):
    Channel = Channel
