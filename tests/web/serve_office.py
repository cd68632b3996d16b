"""A server process for the tests: ``python serve_office.py FOLDER PORT``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from web_samples import office

    from sdmx_gateway.web import serve

    serve(partial(office, sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]))
