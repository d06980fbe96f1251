"""What is installed is what lies here: an image has no source folder to fall back on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.architecture.sources import ROOT, tracked


def test_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    files = [path for path in tracked() if path.parts[0] in {"service", "worker"}]
    for path in [*files, Path("pyproject.toml"), Path("README.md"), Path("LICENSE")]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    build = "import sys, setuptools.build_meta; print(setuptools.build_meta.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    missing = [str(path) for path in files if path.as_posix() not in held]
    assert not missing, "pyproject.toml's package-data leaves these out"
