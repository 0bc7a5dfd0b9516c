"""Writing a folder of tables: all of them, or the old ones stay."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from xk.readers.writing import write_table


def write_tables(frames: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write frames as ``<name>.csv`` in a folder made anew; a README.md that explains the folder stays.

    Of several processes only one may do so at a time.

    Returns
    -------
    list of Path
        The files, in the order of the frames.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in sorted(folder.parent.glob(f".{folder.name}.*"), reverse=True):  # by one that was killed; .old first
        if left.suffix == ".old" and not folder.exists():
            os.replace(left, folder)
        shutil.rmtree(left, ignore_errors=True)
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    old = new.with_name(f"{new.name}.old")
    try:
        for name, frame in frames.items():
            write_table(frame, new / f"{name}.csv")
        if (page := folder / "README.md").is_file():
            shutil.copy2(page, new)
        new.chmod(0o755)
        if folder.exists():
            os.replace(folder, old)
        os.replace(new, folder)
    finally:
        if old.exists() and not folder.exists():
            os.replace(old, folder)
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return [folder / f"{name}.csv" for name in frames]
