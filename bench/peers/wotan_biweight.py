"""wotan's biweight (Hippke et al. 2019): numba, one thread."""

import numpy as np
from wotan import flatten

from serve import serve, versions


def biweight(time, flux, error, request):
    _, trend = flatten(
        time,
        flux,
        method="biweight",
        window_length=request["windowDays"],
        break_tolerance=request["windowDays"] / 2,
        edge_cutoff=0,
        return_trend=True,
    )
    np.ascontiguousarray(trend, dtype=np.float64).tofile(request["path"] + ".trend")
    return {}


serve({"versions": versions("wotan", "numba", "numpy"), "biweight": biweight})
