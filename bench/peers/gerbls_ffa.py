"""GERBLS: fast folding and box least squares in C++ (Ment et al.), seven durations."""

import gerbls
import numpy as np

from serve import serve, versions

# 1.0 h to 11.4 h: it wants the longest below the shortest period.
DURATIONS = [1.5**k / 24 for k in range(7)]


def search(time, flux, error, request):
    data = gerbls.pyDataContainer()
    data.store(time, flux, error, convert_to_flux=False)
    bls = gerbls.pyFastBLS()
    bls.setup(
        data,
        request["minPeriodDays"],
        request["maxPeriodDays"],
        t_samp=request.get("binDays", 0.0),
        duration_mode="constant",
        durations=DURATIONS,
        downsample=True,
    )
    bls.run(verbose=False)
    found = gerbls.pyBLSAnalyzer(bls)
    gain = np.where(np.isfinite(found.dchi2) & (np.asarray(found.dmag) > 0), found.dchi2, 0)
    best = int(np.argmax(gain))
    return {
        "statistic": float(np.sqrt(max(0.0, gain[best]))),
        "periodDays": float(found.P[best]),
        "periods": len(gain),
    }


serve({"versions": versions("gerbls", "numpy"), "search": search})
