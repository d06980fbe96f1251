"""The command: `python -m bench [articles] [extraction] [http] [wakeups] [--scale N]`, and `python -m bench faults`."""

from __future__ import annotations

import argparse
import signal
import sys

from bench import articles, extraction, faults, http_requests, wakeups, worst_texts

BENCHMARKS = {
    "articles": (articles.measure,),
    "extraction": (extraction.measure, worst_texts.measure),
    "http": (http_requests.measure,),
    "wakeups": (wakeups.measure,),
}

FAULTS = "faults"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Muster beside references.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"{', '.join(BENCHMARKS)}; all when none is named; {FAULTS} for itself alone",
    )
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the amount of work (default 1)")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        choices=faults.FAULTS,
        help="of the faults this one only; may be repeated",
    )
    chosen = parser.parse_args()
    unknown = set(chosen.names) - {*BENCHMARKS, FAULTS}
    if unknown:
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}")
    # What was started is stopped on SIGTERM too, not only on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    for name, measures in BENCHMARKS.items():
        if not chosen.names or name in chosen.names:
            for measure in measures:
                measure(scale=chosen.scale).publish()
    if FAULTS in chosen.names:
        # It measures no speed, and takes the better part of an hour.
        faults.measure(scale=chosen.scale, only=chosen.fault).publish()


if __name__ == "__main__":
    main()
