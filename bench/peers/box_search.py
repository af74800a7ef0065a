"""A box search over all periods of a long curve, for the null curves of four years.

astropy needs a minute for each. This one has its statistic, its bands, durations and phase bins
(Kovacs, Zucker & Mazeh 2002), compiled by numba, and goes over the periods twice: all of them at the
transit-optimal spacing, then three times as densely around the strongest peaks. `check` runs both on
the same curve and says by how much they differ.
"""

import numpy as np
from astropy.timeseries import BoxLeastSquares
from numba import njit

from grids import bands, transit_periods
from serve import serve, versions

OVERSAMPLE = 5
PEAKS = 300
TICK_DAYS = 1e-7


@njit(cache=True, fastmath=True)
def spectrum(ticks, tick_days, weighted, weight, total, total_weight, periods, bin_days, widths, power):
    """Squared SNR of the best box at each period. Times are whole ticks, so that a phase is the high
    half of a 64-bit product that wraps around by itself."""
    most = int(periods[-1] / bin_days) + 2
    above = np.empty(most + OVERSAMPLE + 1)
    below = np.empty(most + OVERSAMPLE + 1)
    turn = 2.0**32
    for p in range(periods.size):
        count = int(np.ceil(periods[p] / bin_days))
        cells = np.uint64(int(periods[p] / bin_days * turn))
        step = tick_days / periods[p] * turn
        high = np.uint64(np.floor(step))
        low = np.uint64((step - np.floor(step)) * turn)
        factor = (high << np.uint64(32)) | low
        above[: count + 2] = 0
        below[: count + 2] = 0
        for i in range(ticks.size):
            phase = (ticks[i] * factor) >> np.uint64(32)
            cell = ((phase * (cells >> np.uint64(16))) >> np.uint64(48)) + np.uint64(1)
            above[cell] += weighted[i]
            below[cell] += weight[i]
        above[0] = 0
        below[0] = 0
        # Like astropy: the first bins are seen again, from the last one on, which may be partial.
        for b in range(1, OVERSAMPLE + 1):
            above[count + b - 1] = above[b]
            below[count + b - 1] = below[b]
        for b in range(1, count + OVERSAMPLE):
            above[b] += above[b - 1]
            below[b] += below[b - 1]
        best = 0.0
        for width in widths:
            for b in range(count + OVERSAMPLE - width):
                inside = below[b + width] - below[b]
                dip = above[b + width] - above[b]
                # depth = out - in, with in = dip / inside and out = (total - dip) / (rest)
                depth_weight = total * inside - dip * total_weight
                rest = total_weight - inside
                if depth_weight > 0.0 and inside > 0.0 and rest > 0.0:
                    value = depth_weight * depth_weight / (inside * rest * rest)
                    if value > best:
                        best = value
        power[p] = best


def search(time, flux, error, periods, grid):
    """(P,) squared SNR at some periods of a grid, by the bands of the whole grid."""
    ticks = np.round((time - time[0]) / TICK_DAYS).astype(np.uint64)
    weight = 1 / error**2
    weighted = weight * (flux - np.median(flux))
    power = np.empty(periods.size)
    at = 0
    for band, durations in bands(grid):
        members = periods[(periods >= band[0]) & (periods <= band[-1])]
        if not members.size:
            continue
        bin_days = durations[0] / OVERSAMPLE
        widths = np.round(durations / bin_days).astype(np.int64)
        out = power[at : at + members.size]
        spectrum(ticks, TICK_DAYS, weighted, weight, weighted.sum(), weight.sum(), members, bin_days, widths, out)
        at += members.size
    return power


def grids_of(time, request, *oversamplings):
    limits = request["minPeriodDays"], request["maxPeriodDays"]
    return [transit_periods(time[-1] - time[0], *limits, k) for k in oversamplings]


def two_pass(time, flux, error, request):
    coarse, fine = grids_of(time, request, 1, 3)
    power = search(time, flux, error, coarse, coarse)
    rising = np.concatenate([[True], power[1:] >= power[:-1]])
    falling = np.concatenate([power[:-1] >= power[1:], [True]])
    peaks = np.flatnonzero(rising & falling)
    strongest = peaks[np.argsort(-power[peaks], kind="stable")[:PEAKS]]
    middle = np.searchsorted(fine, coarse[strongest])
    wanted = np.unique(np.clip(middle[:, None] + np.arange(-4, 5), 0, fine.size - 1))
    again = search(time, flux, error, fine[wanted], fine)
    top = int(np.argmax(again))
    return {"statistic": float(np.sqrt(again[top])), "periodDays": float(fine[wanted][top])}


def check(time, flux, error, request):
    """Against astropy on every n-th period, and against all periods of the dense grid."""
    (fine,) = grids_of(time, request, 3)
    sample = fine[:: request["everyNth"]]
    mine = np.sqrt(search(time, flux, error, sample, fine))
    model = BoxLeastSquares(time, flux, dy=error)
    theirs = []
    for band, durations in bands(fine):
        members = sample[(sample >= band[0]) & (sample <= band[-1])]
        power = model.power(members, durations, oversample=OVERSAMPLE).power
        theirs.append(np.sqrt(2 * np.maximum(0, power)))
    theirs = np.concatenate(theirs)
    full = np.sqrt(search(time, flux, error, fine, fine).max()) if request.get("full") else None
    return {
        "correlation": float(np.corrcoef(mine, theirs)[0, 1]),
        "meanRatio": float(np.mean(mine / theirs)),
        "largestDifference": float(np.abs(mine - theirs).max()),
        "full": full and float(full),
        "twoPass": two_pass(time, flux, error, request)["statistic"] if full else None,
    }


if __name__ == "__main__":
    serve({"versions": versions("numba", "numpy", "astropy"), "search": two_pass, "check": check})
