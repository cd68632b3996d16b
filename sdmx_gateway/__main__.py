"""``python -m sdmx_gateway``: the command line."""

from sdmx_gateway.cli import main

if __name__ == "__main__":
    main()
