"""The test run's own rules."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketBlockedError


def test_unit_tests_open_no_sockets() -> None:
    with pytest.raises(SocketBlockedError):
        socket.socket()
