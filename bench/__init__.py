"""Benchmarks. Each measures a reference on the same machine in the same run, prints one table and writes JSON.

`python -m bench` runs all of them, `python -m bench http --scale 4` one of them with four times the work.
"""
