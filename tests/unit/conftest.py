"""Unit tests touch no network: a socket that is opened raises SocketBlockedError."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_sockets(socket_disabled: None) -> None:
    """Asks for pytest-socket's fixture, which takes sockets away and gives them back afterwards."""
