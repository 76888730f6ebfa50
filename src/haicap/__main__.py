"""`python -m haicap`: what the script at the root hands on to."""

import sys

from haicap.interfaces.cli.main import main

sys.exit(main(sys.argv[1:]))
