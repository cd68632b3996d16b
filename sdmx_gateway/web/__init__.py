"""The gateway on the web: SDMX REST for machines, a page for people. It shows and never changes."""

from sdmx_gateway.web.app import create_app
from sdmx_gateway.web.served import Served
from sdmx_gateway.web.serving import serve

__all__ = ["Served", "create_app", "serve"]
