"""``python -m xk``: the command line."""

import sys

from xk.running.cli import main

sys.exit(main())
