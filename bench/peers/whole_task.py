"""The steps of a task with the programs that astronomers use: astropy reads and searches, wotan
detrends, SciPy fits batman's model, matplotlib draws. Each step gets what the one before it should
have found, so that all are timed on the same work.
"""

from io import BytesIO

import batman
import matplotlib
import numpy as np
from astropy.io import fits
from astropy.table import Table
from scipy.optimize import least_squares
from wotan import flatten

from serve import serve, versions

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.backends.backend_pdf import PdfPages  # noqa: E402

PIXELS_PER_INCH = 100


def read(_time, _flux, _error, request):
    """Opens each file, drops what is flagged or no number, and joins the files at a level of 1."""
    parts = [read_fits(path) if path.endswith(".fits") else read_csv(path) for path in request["files"]]
    points = sum(len(part[0]) for part in parts)
    np.concatenate([np.stack(part) for part in parts], axis=1)
    return {"points": points}


def read_fits(path):
    with fits.open(path) as file:
        table = file[1].data
        flux, error = table["PDCSAP_FLUX"].astype(float), table["PDCSAP_FLUX_ERR"].astype(float)
        quality = table["QUALITY" if "QUALITY" in table.names else "SAP_QUALITY"]
        return kept(table["TIME"].astype(float), flux, error, quality)


def read_csv(path):
    table = Table.read(path, format="ascii.csv", comment="#")
    columns = [np.asarray(table[name], dtype=float) for name in table.colnames[:3]]
    return kept(*columns, np.asarray(table["quality"]))


def kept(time, flux, error, quality):
    good = np.isfinite(time) & np.isfinite(flux) & (quality == 0)
    level = np.median(flux[good])
    return time[good], flux[good] / level, error[good] / level


def detrend(time, flux, _error, request):
    """As often as ours follows the trend: once to search, once more without the planets, and each
    time so many passes."""
    for _ in range(request["times"]):
        flatten(
            time,
            flux,
            method="biweight",
            window_length=request["windowDays"],
            break_tolerance=request["windowDays"] / 2,
            edge_cutoff=0,
        )
    return {}


def fit(time, flux, error, request):
    """Period, epoch, radius, impact and axis ratio of each planet, on its transits alone."""
    fitted = []
    for planet in request["planets"]:
        fitted.append(fit_one(time, flux, error, planet, request))
    return {"radiusRatios": fitted}


def fit_one(time, flux, error, planet, request):
    period, epoch, duration = planet["periodDays"], planet["t0Days"], planet["durationDays"]
    near = np.abs(phase_days(time, period, epoch)) < 2 * duration
    time, flux, error = time[near], flux[near], error[near]
    params = batman.TransitParams()
    params.ecc, params.w = 0.0, 90.0
    params.limb_dark, params.u = "quadratic", request["limbDarkening"]

    def apply(values):
        params.per, params.t0, params.rp, impact, params.a = values
        params.inc = np.degrees(np.arccos(min(1.0, impact / params.a)))

    start = np.array([period, epoch, np.sqrt(planet["depth"]), 0.3, period / (np.pi * duration)])
    apply(start)
    exposure = request["exposureDays"]
    model = batman.TransitModel(
        params, time, supersample_factor=request["supersampling"], exp_time=exposure
    )

    def residuals(values):
        apply(values)
        return (flux - model.light_curve(params)) / error

    low = [period - 0.1 * duration, epoch - duration, 1e-4, 0.0, 1.5]
    high = [period + 0.1 * duration, epoch + duration, 0.5, 1.2, 10 * start[4]]
    scale = [1e-2 * duration, 0.1 * duration, 1e-3, 0.1, 1.0]
    found = least_squares(residuals, start, bounds=(low, high), x_scale=scale)
    return float(found.x[2])


def phase_days(time, period, epoch):
    return (time - epoch + period / 2) % period - period / 2


def plots(time, flux, _error, request):
    """Five figures a planet, each as PNG and as SVG, of the size and with the marks of ours."""
    size = 0
    for planet in request["planets"]:
        for draw in (phase, spectrum, odd_even, secondary, whole):
            figure, axes = plt.subplots(figsize=(8, 4.5), dpi=PIXELS_PER_INCH)
            draw(axes, time, flux, planet)
            for form, dots in (("png", 2 * PIXELS_PER_INCH), ("svg", PIXELS_PER_INCH)):
                file = BytesIO()
                figure.savefig(file, format=form, dpi=dots)
                size += file.tell()
            plt.close(figure)
    return {"bytes": size}


def report(time, flux, _error, request):
    """One page of A4 with the whole curve, its periodogram and each planet's transit."""
    file = BytesIO()
    with PdfPages(file) as pages:
        figure, panels = plt.subplots(2 + len(request["planets"]), 1, figsize=(8.27, 11.69))
        first = request["planets"][0]
        whole(panels[0], time, flux, first)
        spectrum(panels[1], time, flux, first)
        for axes, planet in zip(panels[2:], request["planets"]):
            phase(axes, time, flux, planet)
        pages.savefig(figure)
        plt.close(figure)
    return {"bytes": file.tell()}


def folded(axes, time, flux, planet, centre=0.0, every=None):
    """Points near a phase, and their means in 60 bins."""
    period, epoch, duration = planet["periodDays"], planet["t0Days"], planet["durationDays"]
    near = phase_days(time, period, epoch + centre * period)
    chosen = np.abs(near) < 2 * duration
    if every is not None:
        chosen &= np.round((time - epoch) / period).astype(int) % 2 == every
    x, y = 24 * near[chosen], flux[chosen]
    # Dots of so many points stay one picture in the SVG, as they do in ours.
    axes.plot(x, y, ".", ms=2, color="0.6", rasterized=True)
    edges = np.linspace(-48 * duration, 48 * duration, 61)
    count = np.histogram(x, edges)[0]
    mean = np.histogram(x, edges, weights=y)[0] / np.maximum(1, count)
    shown = count > 0
    axes.plot((edges[:-1] + edges[1:])[shown] / 2, mean[shown], "o", ms=3)
    axes.set_xlabel("hours from mid-transit")
    axes.set_ylabel("relative flux")


def phase(axes, time, flux, planet):
    folded(axes, time, flux, planet)


def secondary(axes, time, flux, planet):
    folded(axes, time, flux, planet, centre=0.5)


def odd_even(axes, time, flux, planet):
    for parity in (0, 1):
        folded(axes, time, flux, planet, every=parity)


def spectrum(axes, _time, _flux, planet):
    periods = np.geomspace(0.5, 30 * planet["periodDays"], 2000)
    axes.semilogx(periods, np.abs(np.sinc(10 * np.log(periods / planet["periodDays"]))))
    axes.axvline(planet["periodDays"])
    axes.set_xlabel("period (d)")


def whole(axes, time, flux, planet):
    axes.plot(time, flux, ",", color="0.4", rasterized=True)
    epochs = planet["t0Days"] + planet["periodDays"] * np.arange(
        np.ceil((time[0] - planet["t0Days"]) / planet["periodDays"]),
        np.floor((time[-1] - planet["t0Days"]) / planet["periodDays"]) + 1,
    )
    axes.plot(epochs, np.full(len(epochs), flux.min()), "^", ms=4)
    axes.set_xlabel("time (d)")


serve(
    {
        "versions": versions("astropy", "wotan", "scipy", "batman-package", "matplotlib", "numpy"),
        "read": read,
        "detrend": detrend,
        "fit": fit,
        "plots": plots,
        "report": report,
    }
)
