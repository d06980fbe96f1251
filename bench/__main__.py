"""The command: `python -m bench [articles] [extraction] [http] [wakeups] [--scale N]`.

And for themselves alone, since they take long: `python -m bench faults`, `soak`, `fuzz` and `scale`.
"""

from __future__ import annotations

import argparse
import signal
import sys

from bench import articles, extraction, faults, fuzz, http_requests, scale, soak, wakeups, worst_texts

BENCHMARKS = {
    "articles": (articles.measure,),
    "extraction": (extraction.measure, worst_texts.measure),
    "http": (http_requests.measure,),
    "wakeups": (wakeups.measure,),
}

FAULTS, SOAK, FUZZ, SCALE = "faults", "soak", "fuzz", "scale"
ALONE = (FAULTS, SOAK, FUZZ, SCALE)
"""Run when they are named, and not among all."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Muster beside references.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"{', '.join(BENCHMARKS)}; all when none is named; {' and '.join(ALONE)} only when named",
    )
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the amount of work (default 1)")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        choices=faults.FAULTS,
        help="of the faults this one only; may be repeated",
    )
    parser.add_argument("--articles", type=int, default=soak.ARTICLES, help="of the soak (default %(default)s)")
    parser.add_argument("--servers", action="store_true", help="soak on the Postgres and Redis of MUSTER_TEST_*")
    parser.add_argument(
        "--setting", action="append", default=[], metavar="NAME=VALUE", help="of the soaked service; may be repeated"
    )
    parser.add_argument(
        "--seconds", type=float, default=fuzz.SECONDS, help="for each target of the fuzzing (default %(default)g)"
    )
    parser.add_argument("--target", action="append", default=[], help="fuzz this one only; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="of the fuzzing's first round (default %(default)s)")
    parser.add_argument("--claims", type=int, default=1_000_000, help="of the register at scale (default %(default)s)")
    parser.add_argument("--store", choices=("postgres", "sqlite"), default="postgres", help="that holds it")
    parser.add_argument("--keep", action="store_true", help="leave that register, or take up the one that was left")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - {*BENCHMARKS, *ALONE}
    if unknown:
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}")
    # What was started is stopped on SIGTERM too, not only on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    for name, measures in BENCHMARKS.items():
        if not chosen.names or name in chosen.names:
            for measure in measures:
                measure(scale=chosen.scale).publish()
    if FAULTS in chosen.names:
        faults.measure(scale=chosen.scale, only=chosen.fault).publish()
    if SOAK in chosen.names:
        settings = dict(pair.split("=", 1) for pair in chosen.setting)
        soak.measure(articles=chosen.articles, on_servers=chosen.servers, settings=settings).publish()
    if FUZZ in chosen.names:
        fuzz.measure(seconds=chosen.seconds, only=chosen.target, seed=chosen.seed).publish()
    if SCALE in chosen.names:
        scale.measure(number=chosen.claims, store=chosen.store, keep=chosen.keep).publish()


if __name__ == "__main__":
    main()
