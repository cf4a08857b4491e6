"""`python -m fadeno` is `fadeno`."""

import sys

from fadeno.entry.cli import main

sys.exit(main())
