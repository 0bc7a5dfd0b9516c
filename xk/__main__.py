"""``python -m xk``: the command line."""

import sys

from xk.cli import main

sys.exit(main())
