"""The columnar table of observations: its contract, keys, periods, and the difference of two tables."""

from sdmx_gateway.observations.dataset import Dataset, column_type, conform
from sdmx_gateway.observations.difference import Difference, difference
from sdmx_gateway.observations.keys import KEY_SEPARATOR, series_key

__all__ = ["KEY_SEPARATOR", "Dataset", "Difference", "column_type", "conform", "difference", "series_key"]
