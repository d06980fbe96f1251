"""What a worker's process holds: one engine and one extractor, built in the process that uses them."""

from __future__ import annotations

import importlib
import os
from typing import cast

from service.broker import drain_s
from service.domain.errors import MusterError
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.unit_of_work import UnitOfWork
from service.telemetry import Exporter, start
from worker.jobs import Drained, Extractor, Worker
from worker.owners import lease_names


class UnbuildableError(MusterError):
    """The extractor's factory is not there, or raised: no article can be read until that is put right."""

    def __init__(self, factory: str, error: Exception) -> None:
        said = " ".join(str(error).split())
        super().__init__(f"The extractor can't be built: {factory} raised {type(error).__name__}: {said}")
        self.factory = factory


class Process:
    """Builds nothing until asked, and anew after a fork: connections and models are not to be shared."""

    def __init__(self, settings: Settings, *, traces: Exporter | None = None) -> None:
        self.settings = settings
        self._traces = traces
        self._worker: Worker | None = None
        self._pid = 0

    def prepare(self) -> Worker:
        """Loads the model, which takes seconds. Raises UnbuildableError."""
        if self._worker is None or self._pid != os.getpid():
            engine = create_engine(self.settings)
            self._worker = Worker(
                open_work=lambda: UnitOfWork(engine),
                read_work=lambda: UnitOfWork.reading(engine),
                extractor=build_extractor(self.settings),
                settings=self.settings,
                owners=lease_names(),
                tracing=start(self._traces, service="muster-worker"),
            )
            self._pid = os.getpid()
        return self._worker

    def drain(self) -> Drained:
        return self.prepare().drain(for_s=drain_s(self.settings))

    def close(self) -> None:
        """For a process that ends: sends what is left of its traces."""
        if self._worker is not None and self._pid == os.getpid():
            self._worker.tracing.flush()


def build_extractor(settings: Settings) -> Extractor:
    """Calls the factory that the settings name. Raises UnbuildableError, whatever goes wrong there."""
    module, _, function = settings.extractor_factory.partition(":")
    try:
        return cast("Extractor", getattr(importlib.import_module(module), function)(settings))
    except Exception as error:
        raise UnbuildableError(settings.extractor_factory, error) from error
