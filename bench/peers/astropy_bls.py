"""astropy's BoxLeastSquares (compiled C): at its best, and as it is called by default.

Banded: periods in bands of 1.5, each with its matched durations, five phase bins per shortest
duration. Default: all durations at all periods in one call, ten bins.
"""

import numpy as np
from astropy.timeseries import BoxLeastSquares

from grids import MOST, bands, circular_duration, durations_between, transit_periods
from serve import serve, versions


def grid(time, request):
    periods = transit_periods(
        time[-1] - time[0],
        request["minPeriodDays"],
        request["maxPeriodDays"],
        request.get("periodOversampling", 3),
    )
    return periods


def strongest(results):
    best = {"statistic": 0.0, "periodDays": None}
    for result in results:
        top = int(np.argmax(result.power))
        # Twice the gain in log-likelihood is the squared SNR of the box.
        snr = float(np.sqrt(2 * max(0.0, result.power[top])))
        if snr > best["statistic"]:
            best = {"statistic": snr, "periodDays": float(result.period[top])}
    return best


def banded(time, flux, error, request):
    periods = grid(time, request)
    model = BoxLeastSquares(time, flux, dy=error)
    share = request.get("everyNth", 1)
    found = [
        model.power(members[:: share], durations, oversample=5)
        for members, durations in bands(periods)
    ]
    return {**strongest(found), "periods": len(periods), "timedPeriods": sum(len(r.period) for r in found)}


def single_call(time, flux, error, request):
    periods = grid(time, request)
    longest = min(MOST * circular_duration(periods[-1]), 0.8 * periods[0])
    durations = durations_between(1 / 24, longest)
    model = BoxLeastSquares(time, flux, dy=error)
    result = model.power(periods[:: request.get("everyNth", 1)], durations)
    return {**strongest([result]), "periods": len(periods), "timedPeriods": len(result.period)}


def near(time, flux, error, request):
    """Only within a share of one period: what astropy would find if it looked nowhere else."""
    periods = grid(time, request)
    close = np.abs(periods / request["nearDays"] - 1) <= request["within"]
    durations = [d for members, d in bands(periods) if members[0] <= request["nearDays"]][-1]
    model = BoxLeastSquares(time, flux, dy=error)
    return strongest([model.power(periods[close], durations, oversample=5)])


serve({"versions": versions("astropy", "numpy"), "banded": banded, "single": single_call, "near": near})
