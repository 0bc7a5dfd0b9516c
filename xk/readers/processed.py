"""Writing a folder of tables: all of them, or the old ones stay."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from xk.readers.changing import change_files, changing
from xk.readers.writing import csv_bytes

PROCESSED = Path("data") / "processed"


def write_tables(frames: Mapping[str, pd.DataFrame], root: Path) -> list[Path]:
    """Write frames as ``data/processed/<name>.csv`` of a project; other tables there go, a README.md stays.

    Returns
    -------
    list of Path
        The files below the root, in the order of the frames.
    """
    written = {PROCESSED / f"{name}.csv": csv_bytes(frame) for name, frame in frames.items()}
    with changing(root):
        change_files(root, written)
        for path in (root / PROCESSED).glob("*"):
            if path.name != "README.md" and PROCESSED / path.name not in written:
                path.unlink()
    return list(written)
