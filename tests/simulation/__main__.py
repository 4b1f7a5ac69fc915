"""Run worlds: `python -m tests.simulation --seed N`."""

import sys

from tests.simulation.worlds import main

sys.exit(main(sys.argv[1:]))
