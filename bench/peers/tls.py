"""Transit least squares (Hippke & Heller 2019), on one thread.

`tight` limits the star as our own search is told it (0.7-1.3 R_sun, 0.7-1.0 M_sun); `default` is what
the package does untold. Its chi-squared is in units of the mean error; the statistic is the root of
the gain over a flat line. The SDE, which its users apply, is answered beside it. A long search is
timed on every n-th of its periods and scaled: its cost is linear in them.
"""

from time import perf_counter

import numpy as np
from transitleastsquares import main, transitleastsquares

from serve import serve, versions

TIGHT = {"R_star_min": 0.7, "R_star_max": 1.3, "M_star_min": 0.7, "M_star_max": 1.0}


full_grid = main.period_grid


def once(time, flux, error, request, limits, nth):
    counts = {}

    def sampled(**options):
        periods = full_grid(**options)
        counts["periods"] = len(periods)
        return periods[request.get("first", 0) % nth :: nth]

    main.period_grid = sampled
    started = perf_counter()
    found = transitleastsquares(time, flux, error, verbose=False).power(
        period_min=request["minPeriodDays"],
        period_max=request["maxPeriodDays"],
        oversampling_factor=3,
        use_threads=1,
        show_progress_bar=False,
        **limits,
    )
    return found, counts["periods"], perf_counter() - started


def search(limits):
    def run(time, flux, error, request):
        nth = request.get("everyNth", 1)
        found, periods, seconds = once(time, flux, error, request, limits, nth)
        timed = len(found.periods)
        if nth > 1:  # a quarter of the sample tells what a call costs besides its periods
            fewer, _, less = once(time, flux, error, request, limits, 4 * nth)
            seconds += (seconds - less) / (timed - len(fewer.periods)) * (periods - timed)
        flat = np.sum((flux - 1) ** 2 * (np.mean(error) / error) ** 2)
        best = int(np.argmin(found.chi2))
        return {
            "statistic": float(np.sqrt(max(0.0, flat - found.chi2[best])) / np.mean(error)),
            "periodDays": float(found.periods[best]),
            "sde": float(found.SDE),
            "sdePeriodDays": float(found.period),
            "periods": periods,
            "timedPeriods": timed,
            "scaledSeconds": seconds,
        }

    return run


serve(
    {
        "versions": versions("transitleastsquares", "numba", "numpy"),
        "tight": search(TIGHT),
        "default": search({}),
    }
)
