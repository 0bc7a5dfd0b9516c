"""What pyproject.toml cannot say: the wheel carries figures, notebooks and documents of the top of a clone."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CARRIED = ("data/raw", "notebooks", "docs/zh", "docs/en", "docs/pictures")
LEFT = (".*", "api.md", "cli.md", "dictionary.md")
"""What is hidden, and what a site's build has left among the pages."""


class WithProject(build_py):
    """Put beside the modules what `xk init` lays out."""

    def run(self) -> None:
        super().run()
        place = Path(self.build_lib) / "xk" / "readers" / "project"
        for name in () if self.editable_mode else CARRIED:
            shutil.rmtree(place / name, ignore_errors=True)
            shutil.copytree(name, place / name, ignore=shutil.ignore_patterns(*LEFT))


setup(cmdclass={"build_py": WithProject})
