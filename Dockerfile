# One image, two targets: `api` answers requests, `worker` reads articles. Python is the version the tests run on.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/muster
WORKDIR /src
# The packages change less often than the code; in a layer of their own they are kept between builds.
# LOCK=telemetry is the same with OpenTelemetry.
ARG LOCK=runtime
COPY requirements/${LOCK}.txt requirements/
RUN /opt/muster/bin/pip install --require-hashes -r requirements/${LOCK}.txt
COPY LICENSE README.md pyproject.toml ./
COPY service service
COPY worker worker
RUN /opt/muster/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim AS base
RUN useradd --system --uid 10001 --home-dir /var/lib/muster --create-home muster
COPY --from=build /opt/muster /opt/muster
COPY service/server_logs.json /opt/muster/server_logs.json
ENV PATH=/opt/muster/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MUSTER_DATA_DIR=/var/lib/muster
WORKDIR /var/lib/muster
USER muster
STOPSIGNAL SIGTERM

FROM base AS worker
# Asks this container's own worker over the broker. While the broker is away the worker counts as unhealthy, though
# its sweeper goes on; nothing restarts it for that.
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s --retries=3 \
    CMD celery --app worker.celery_main inspect ping --timeout 10 --destination "celery@$HOSTNAME"
CMD ["celery", "--quiet", "--app", "worker.celery_main", "worker", "--without-gossip", "--without-mingle"]

FROM base AS api
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Inside the container all interfaces; what is reachable from outside is for the compose file to say. As many threads
# answer as the application counts on.
CMD exec granian --interface wsgi --factory service.wsgi:create --host 0.0.0.0 --port 8000 \
    --http 1 --no-ws --workers 1 --blocking-threads "${MUSTER_THREADS:-8}" --respawn-failed-workers \
    --workers-kill-timeout 10 --log-config /opt/muster/server_logs.json
