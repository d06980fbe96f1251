"""Data of the domain: places, their names, countries. Sources and licences: docs/data.md."""
