"""Traces by OpenTelemetry, where the standard OTEL_* variables ask for them and the extra `telemetry` is installed.

Nothing of OpenTelemetry is imported otherwise. A span holds ids, routes, counts and kinds of errors: no words of
articles and no messages of errors, which quote.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as SdkSpan

Exporter: TypeAlias = Literal["otlp", "console"]
Kind: TypeAlias = Literal["internal", "server", "consumer"]
Value: TypeAlias = str | int | float | None

FLUSHED_MS: Final = 2000
"""So long a process that ends tries to get rid of its last spans."""

_log = logging.getLogger(__name__)


class Span(Protocol):
    def tell(self, name: str, value: Value) -> None:
        """Adds an attribute; None adds none."""

    def fail(self, kind: str) -> None:
        """What it stands for went wrong; `kind` is the error's class or the answer's status."""


class Tracing(Protocol):
    def span(
        self,
        name: str,
        *,
        kind: Kind = "internal",
        parent: str | None = None,
        links: Sequence[str | None] = (),
        **attributes: Value,
    ) -> AbstractContextManager[Span]:
        """A span within `parent`, a traceparent of W3C Trace Context, else within the present one, else of its own.

        `links` are other spans that it came from. Attributes are named `muster.<name>`. An error that passes through
        marks it.
        """

    def traceparent(self) -> str | None:
        """The present span, so that others can go on from it; None outside of any."""

    def flush(self) -> None:
        """Sends what is held back, for a process that ends."""


class _NoSpan:
    def tell(self, name: str, value: Value) -> None: ...

    def fail(self, kind: str) -> None: ...


class _NoTraces:
    def span(
        self,
        name: str,  # noqa: ARG002 - the same signature
        *,
        kind: Kind = "internal",  # noqa: ARG002
        parent: str | None = None,  # noqa: ARG002
        links: Sequence[str | None] = (),  # noqa: ARG002
        **attributes: Value,  # noqa: ARG002
    ) -> AbstractContextManager[Span]:
        return _NOWHERE

    def traceparent(self) -> str | None:
        return None

    def flush(self) -> None: ...


_NOWHERE: Final[AbstractContextManager[Span]] = nullcontext(_NoSpan())
OFF: Final[Tracing] = _NoTraces()


def trace_id(traceparent: str | None) -> str | None:
    """As logs tell it."""
    return traceparent.split("-")[1] if traceparent else None


def start(exporter: Exporter | None, *, service: str) -> Tracing:
    """`exporter` is what settings.traces_exporter() read; `service` is the name unless OTEL_* give another.

    After a fork, not before: it begins a thread.
    """
    if exporter is None:
        return OFF
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
    except ImportError:
        _log.warning("OTEL_* ask for traces, and the extra for them is not installed: muster[telemetry]")
        return OFF
    resource = Resource.create()
    if str(resource.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: service}))
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(
        BatchSpanProcessor(ConsoleSpanExporter() if exporter == "console" else OTLPSpanExporter())
    )
    return Traces(provider)


class _Recorded:
    def __init__(self, span: SdkSpan) -> None:
        self._span = span

    def tell(self, name: str, value: Value) -> None:
        if value is not None:
            self._span.set_attribute(name, value)

    def fail(self, kind: str) -> None:
        from opentelemetry.trace import StatusCode

        self._span.set_status(StatusCode.ERROR)
        self._span.set_attribute("error.type", kind)


class Traces:
    """To the exporters of `provider`."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("muster")
        self._written = TraceContextTextMapPropagator()

    @contextmanager
    def span(
        self,
        name: str,
        *,
        kind: Kind = "internal",
        parent: str | None = None,
        links: Sequence[str | None] = (),
        **attributes: Value,
    ) -> Iterator[Span]:
        from opentelemetry.trace import Link, SpanKind, get_current_span

        contexts = [get_current_span(self._read(link)).get_span_context() for link in links if link]
        with self._tracer.start_as_current_span(
            name,
            context=self._read(parent) if parent else None,
            kind=SpanKind[kind.upper()],
            links=[Link(context) for context in contexts if context.is_valid],
            record_exception=False,
            set_status_on_exception=False,
        ) as began:
            recorded = _Recorded(began)
            for attribute, value in attributes.items():
                recorded.tell(f"muster.{attribute}", value)
            try:
                yield recorded
            except Exception as error:
                recorded.fail(type(error).__name__)
                raise

    def _read(self, traceparent: str) -> Context:
        return self._written.extract({"traceparent": traceparent})

    def traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        self._written.inject(carrier)
        return carrier.get("traceparent")

    def flush(self) -> None:
        self._provider.force_flush(FLUSHED_MS)
