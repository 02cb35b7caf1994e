"""``python -m ste_theory`` is ``ste-theory``."""

import sys

from ste_theory.cli.main import main

sys.exit(main())
