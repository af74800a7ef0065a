"""The period grid that transits ask for, and the trial durations of a box search."""

import numpy as np

G_SUN = 1.3271244e20  # nominal solar GM, m^3/s^2 (IAU 2015)
R_SUN = 6.957e8  # nominal solar radius, m
DAY = 86400.0


def transit_periods(span_days, shortest, longest, oversampling):
    """Ofir 2014, A&A 561, A138, eq. 7, for the Sun: cubic in frequency."""
    a = (2 * np.pi) ** (2 / 3) / np.pi * R_SUN / np.cbrt(G_SUN) / (span_days * DAY * oversampling)
    low, high = (np.cbrt(1 / (days * DAY)) for days in (longest, shortest))
    count = int(np.ceil((high - low) * 3 / a)) + 1
    roots = np.minimum(high, low + a / 3 * np.arange(count))
    return np.sort(1 / roots**3 / DAY)


def circular_duration(period_days):
    """Central transit of a small planet of the Sun: (3 P / (pi^2 G rho))^(1/3), in days."""
    g_rho = 3 * G_SUN / (4 * np.pi * R_SUN**3)
    return np.cbrt(3 * period_days * DAY / (np.pi**2 * g_rho)) / DAY


SHORTEST_DURATION = 1 / 24
RATIO = 1.28
BAND = 1.5
LEAST, MOST = 0.3, 1.4  # of the circular orbit's: eight durations a band


def durations_between(low, high):
    """From the ladder 1 h, 1.28 h, ...: those that a band of periods asks for."""
    steps = np.arange(40)
    ladder = SHORTEST_DURATION * RATIO**steps
    wanted = ladder[(ladder >= low / RATIO) & (ladder <= high)]
    return wanted if wanted.size else ladder[:1]


def bands(periods):
    """Periods in bands of a factor 1.5, each with the durations that match its periods."""
    start = periods[0]
    while start <= periods[-1]:
        members = periods[(periods >= start) & (periods < BAND * start)]
        if members.size:
            low = LEAST * circular_duration(members[0])
            high = min(MOST * circular_duration(members[-1]), 0.8 * members[0])
            yield members, durations_between(low, high)
        start *= BAND
