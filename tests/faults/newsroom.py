"""A newsroom that posts until it is told 202, and writes down everything it is told."""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

from tests.faults.ledger import Ledger, Letter

ANSWER_S = 30.0
AGAIN_S = 0.25
"""A newsroom would wait as long as Retry-After says; here nobody has the time."""
IN_DOUBT = "urn:muster:problem:storage-in-doubt"


class Newsroom:
    """`threads` connections, each sending one article after the other. Leaving the context waits for all answers.

    With `again` an article is sent, under its key, until it is accepted; without, each is sent once.
    """

    def __init__(self, port: int, ledger: Ledger, *, threads: int = 4, again: bool = True) -> None:
        self._port = port
        self.ledger = ledger
        self._again = again
        self._threads = threads
        self._given_up = threading.Event()
        self._begun: list[threading.Thread] = []

    def post(self, sent: Iterable[Letter], *, pause_s: float = 0.0) -> None:
        """Returns when everything has been answered, or has been given up."""
        running = self.begin(sent, pause_s=pause_s)
        for thread in running:
            thread.join()

    def begin(self, sent: Iterable[Letter], *, pause_s: float = 0.0) -> list[threading.Thread]:
        """The same in the background."""
        waiting, lock = iter(sent), threading.Lock()
        threads = [
            threading.Thread(target=self._send_all, args=(waiting, lock, pause_s), daemon=True)
            for _ in range(self._threads)
        ]
        for thread in threads:
            thread.start()
        self._begun += threads
        return threads

    @contextmanager
    def flow(self, sent: Iterable[Letter], *, pause_s: float) -> Iterator[None]:
        """Posts for the length of the block, each thread with pauses; then waits until what was begun is accepted."""
        over = threading.Event()
        threads = self.begin(takewhile(lambda _: not over.is_set(), sent), pause_s=pause_s)
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def is_sending(self) -> bool:
        self._begun = [thread for thread in self._begun if thread.is_alive()]
        return bool(self._begun)

    def line(self) -> Line:
        return Line(self._port)

    def send_once(self, line: Line, letter: Letter) -> tuple[int, str | None]:
        """Status of the answer, and the id where it was accepted. Raises OSError where there was no answer."""
        self.ledger.note_sending(letter)
        status, headers, body = line.ask(letter)
        if status in (200, 202):
            self.ledger.note_accepted(letter, body["id"], status)
            return status, body["id"]
        self.ledger.note_refused(letter, status, in_doubt=body.get("type") == IN_DOUBT)
        if status == 409 and "Retry-After" not in headers:
            self.ledger.complain(f"POST answered {status} without Retry-After: {body}")
        return status, None

    def give_up(self) -> None:
        """Nothing is sent any more."""
        self._given_up.set()

    def _send_all(self, waiting: Iterator[Letter], lock: threading.Lock, pause_s: float) -> None:
        line = Line(self._port)
        while not self._given_up.is_set():
            with lock:
                letter = next(waiting, None)
            if letter is None:
                break
            while not self._send(line, letter) and self._again:
                if self._given_up.wait(AGAIN_S * random.uniform(0.5, 1.5)):
                    break
            if pause_s:
                self._given_up.wait(pause_s)
        line.close()

    def _send(self, line: Line, letter: Letter) -> bool:
        """Whether that is settled: accepted, or refused for good."""
        self.ledger.note_sending(letter)
        try:
            status, headers, body = line.ask(letter)
        except (OSError, http.client.HTTPException) as error:
            self.ledger.note_unanswered(letter, error)
            return False
        if status in (200, 202):
            self.ledger.note_accepted(letter, body["id"], status)
            return True
        in_doubt = body.get("type") == IN_DOUBT
        self.ledger.note_refused(letter, status, in_doubt=in_doubt)
        if status not in (409, 503):
            self.ledger.complain(f"POST answered {status}: {body}")
            return True
        if "Retry-After" not in headers:
            self.ledger.complain(f"POST answered {status} without Retry-After: {body}")
        return False


class Line:
    """A kept-alive connection, opened again after every error."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, letter: Letter) -> tuple[int, http.client.HTTPMessage, dict[str, Any]]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_S)
        body = json.dumps({letter.body: letter.text, "external_id": letter.external_id})
        sent = {"Content-Type": "application/json", "Idempotency-Key": letter.key}
        try:
            self._connection.request("POST", "/articles", body=body, headers=sent)
            answer = self._connection.getresponse()
            read = answer.read()
        except BaseException:
            self.close()
            raise
        return answer.status, answer.headers, json.loads(read)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
