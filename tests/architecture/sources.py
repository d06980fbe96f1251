"""The repository's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("service", "worker", "tests", "bench", "tools")


@cache
def tracked() -> tuple[Path, ...]:
    """Files under version control, or about to be: what git lists less what it ignores, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(sorted(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()))


def modules() -> list[Path]:
    """Python files of the project's own code, relative to the root."""
    return [path for path in tracked() if path.suffix == ".py" and path.parts[0] in CODE]


def module_name(path: Path) -> str:
    """Dotted name of a module, a package's `__init__` being the package."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    """Dotted names that a module imports, wherever in it, relative ones resolved."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.parent.parts[: len(path.parent.parts) - node.level + 1] if node.level else ()
            base = ".".join([*package, *([node.module] if node.module else [])])
            # `from service import settings` imports service.settings: the name may be a module.
            yield from (f"{base}.{alias.name}" for alias in node.names)
