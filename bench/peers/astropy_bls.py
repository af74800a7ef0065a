"""astropy's BoxLeastSquares (compiled C): at its best, and as it is called by default.

Banded: periods in bands of 1.5, each with its matched durations, five phase bins per shortest
duration. Default: all durations at all periods in one call, ten bins.
"""

from time import perf_counter

import numpy as np
from astropy.timeseries import BoxLeastSquares

from grids import MOST, bands, circular_duration, durations_between, transit_periods
from serve import serve, versions


def grid(time, request):
    limits = request["minPeriodDays"], request["maxPeriodDays"]
    return transit_periods(time[-1] - time[0], *limits, request.get("periodOversampling", 3))


def strongest(results):
    best = {"statistic": 0.0, "periodDays": None}
    for result in results:
        top = int(np.argmax(result.power))
        # Twice the gain in log-likelihood is the squared SNR of the box.
        snr = float(np.sqrt(2 * max(0.0, result.power[top])))
        if snr > best["statistic"]:
            best = {"statistic": snr, "periodDays": float(result.period[top])}
    return best


def timed(model, periods, durations, request, **options):
    """The result on all periods or on every n-th, and how long all of them take: what a call costs
    besides its periods is measured on one period, and the rest is linear in them."""
    nth = request.get("everyNth", 1)
    sample = periods[request.get("first", 0) % nth :: nth]
    marks = [perf_counter()]
    if nth > 1:
        model.power(sample[:1], durations, **options)
        marks.append(perf_counter())
    result = model.power(sample, durations, **options)
    marks.append(perf_counter())
    if nth == 1:
        return result, marks[1] - marks[0]
    one, all_sampled = marks[1] - marks[0], marks[2] - marks[1]
    return result, one + (all_sampled - one) / (len(sample) - 1) * (len(periods) - 1)


def banded(time, flux, error, request):
    periods = grid(time, request)
    model = BoxLeastSquares(time, flux, dy=error)
    found = [timed(model, *band, request, oversample=5) for band in bands(periods)]
    return summary(periods, found)


def single_call(time, flux, error, request):
    periods = grid(time, request)
    longest = min(MOST * circular_duration(periods[-1]), 0.8 * periods[0])
    model = BoxLeastSquares(time, flux, dy=error)
    return summary(periods, [timed(model, periods, durations_between(1 / 24, longest), request)])


def summary(periods, found):
    return {
        **strongest([result for result, _ in found]),
        "periods": len(periods),
        "timedPeriods": sum(len(result.period) for result, _ in found),
        "scaledSeconds": sum(seconds for _, seconds in found),
    }


def near(time, flux, error, request):
    """Only within a share of one period: what astropy would find if it looked nowhere else."""
    periods = grid(time, request)
    close = np.abs(periods / request["nearDays"] - 1) <= request["within"]
    durations = [d for members, d in bands(periods) if members[0] <= request["nearDays"]][-1]
    model = BoxLeastSquares(time, flux, dy=error)
    return strongest([model.power(periods[close], durations, oversample=5)])


serve({"versions": versions("astropy", "numpy"), "banded": banded, "single": single_call, "near": near})
