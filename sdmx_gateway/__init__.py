"""National statistics of the French Ministry of the Interior as SDMX: mapped, checked, released, transmitted, served.

The façade for Python users is :mod:`sdmx_gateway.gateway`; the command line is ``sdmx-gateway``.
"""

__version__ = "0.1.0"
