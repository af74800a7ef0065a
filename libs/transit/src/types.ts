/**
 * What flows between the stages of the pipeline: arrays in, results out.
 *
 * N is points of a curve, P trial periods. Times are in days, counted from the curve's own offset
 * (`timeOffsetDays`, so that BJD_TDB = time + offset); flux is relative to 1; a depth is in ppm; a
 * duration is in hours, first to fourth contact. Arrays are never changed by who receives them.
 */

export type Mission = 'Kepler' | 'K2' | 'TESS' | 'unknown';

/** Which zero point a file's times have. BKJD = BJD - 2454833, BTJD = BJD - 2457000. */
export type TimeSystem = 'BJD' | 'BKJD' | 'BTJD' | 'MJD' | 'JD-2450000' | 'relative';

/** What is known of the star; everything else assumes the Sun and says so. */
export interface Star {
  readonly radiusSun?: number;
  /** One sigma; where it is missing, that of the mission's catalogue (star.ts). */
  readonly radiusErrorSun?: number;
  readonly massSun?: number;
  readonly effectiveTemperatureK?: number;
  /** One sigma; where it is missing, that of the mission's catalogue (star.ts). */
  readonly effectiveTemperatureErrorK?: number;
  /** log10 of surface gravity in cm/s^2. */
  readonly logg?: number;
  /** Metallicity [Fe/H] in dex. */
  readonly metallicity?: number;
  readonly rightAscensionDeg?: number;
  readonly declinationDeg?: number;
  /** Kepler magnitude or TESS magnitude, as the mission gives it. */
  readonly magnitude?: number;
}

/** One file as it was read: one quarter, campaign or sector of one target. Nothing is removed yet. */
export interface Segment {
  /** The target's name as the file gives it ("KIC 11442793", "TIC 307210830"), or null. */
  readonly target: string | null;
  readonly mission: Mission;
  /** "Q3", "C3", "S27", or the file's name where there is no such number. */
  readonly label: string;
  readonly timeSystem: TimeSystem;
  /** BJD_TDB = time + offset. NaN where the zero point is unknown. */
  readonly timeOffsetDays: number;
  /** (N,) mid-exposure times; NaN where missing; strictly increasing where finite. */
  readonly timeDays: Float64Array;
  /** (N,) flux in any unit; NaN where missing. */
  readonly flux: Float64Array;
  /** (N,) one-sigma uncertainty in the unit of `flux`, or null where the file has none. */
  readonly fluxError: Float64Array | null;
  /** (N,) 1 where the mission's quality flags advise against the point, or null. */
  readonly flagged: Uint8Array | null;
  /** Exposure time of one point (cadence, where the file says nothing else). */
  readonly exposureDays: number;
  /** Name of the column that `flux` came from ("PDCSAP_FLUX"). */
  readonly fluxColumn: string;
  readonly star: Star;
}

/** A curve of one target, ready for the search: finite, ordered, normalised. */
export interface LightCurve {
  /** (N,) strictly increasing. */
  readonly timeDays: Float64Array;
  /** (N,) relative to 1. */
  readonly flux: Float64Array;
  /** (N,) one-sigma uncertainty, relative, > 0. */
  readonly fluxError: Float64Array;
  /** (N,) index of the file that the point came from, from 0. */
  readonly segment: Uint16Array;
  /** BJD_TDB = time + offset. */
  readonly timeOffsetDays: number;
  /** (S,) exposure time of each segment. */
  readonly exposureDays: Float64Array;
}

/** What `clean` took away, by cause. */
export interface Cleaning {
  readonly nonFinite: number;
  readonly flagged: number;
  /** Upward outliers; a downward one may be a transit and stays. */
  readonly outliers: number;
}

export interface Detrending {
  readonly method: 'biweight' | 'median' | 'none';
  readonly windowDays: number;
  /** How often the trend was followed: twice for stars whose rotation is seen. */
  readonly passes: 1 | 2;
  /** The star's rotation, where the curve shows it (McQuillan, Aigrain & Mazeh 2013). */
  readonly rotation: {
    readonly periodDays: number;
    /** Semi-amplitude with overtones, before detrending. */
    readonly amplitudePpm: number;
  } | null;
  /** Why this window and these passes, and what they lose, as a sentence. */
  readonly reason: string;
  /** (N,) what the flux was divided by. */
  readonly trend: Float64Array;
}

/** Signal strength over trial period. */
export interface Periodogram {
  readonly method: 'folding' | 'bls';
  /** (P,) increasing. */
  readonly periodDays: Float64Array;
  /** (P,) best SNR of any duration and epoch at this period; 0 where nothing dips. */
  readonly snr: Float64Array;
}

/** The trial grid of a search: part of its answer. */
export interface SearchGrid {
  readonly minPeriodDays: number;
  readonly maxPeriodDays: number;
  /** Trial periods of the coarse search, all durations together. */
  readonly periods: number;
  readonly durationsHours: readonly number[];
  /** Frequency oversampling relative to the transit-optimal spacing (Ofir 2014). */
  readonly oversampling: number;
  /** Elementary additions of the coarse search, known before it runs. */
  readonly cost: number;
  /**
   * What the search holds at once, at most, in bytes, beside the curve and the engine's garbage
   * (search-memory.ts).
   */
  readonly memoryBytes: number;
}

/** How a period was chosen among its aliases. */
export interface AliasEvidence {
  /** Period relative to the one chosen: 0.5, 2, 1/3, 3, 2/3, 1.5. */
  readonly ratio: number;
  readonly periodDays: number;
  readonly snr: number;
  /** Why it was not chosen, as a sentence. */
  readonly verdict: string;
}

/** A periodic dip that the search found: not yet fitted, not yet vetted. */
export interface Signal {
  readonly periodDays: number;
  /** Mid-time of the first transit in the data, in the curve's own time. */
  readonly t0Days: number;
  readonly durationHours: number;
  readonly depthPpm: number;
  /** Depth over its white-noise uncertainty, all points in transit together. */
  readonly whiteSnr: number;
  /** Depth over its uncertainty with time-correlated noise (Pont, Zucker & Queloz 2006). */
  readonly snr: number;
  /**
   * What signals are ranked by: the SNR, less what a duration costs that is improbable for the period,
   * and what the places for noise cost at that period (duration-prior.ts). Equal to the SNR where
   * there is no period.
   */
  readonly score: number;
  /** Signal detection efficiency of the periodogram peak (Kovács, Zucker & Mazeh 2002). */
  readonly sde: number;
  /** Transits with data; fewer than 2 is a single event whose period is unknown. */
  readonly transitsObserved: number;
  readonly transitsExpected: number;
  readonly aliases: readonly AliasEvidence[];
}

/** What the search did, one entry per planet sought. */
export interface SearchRound {
  readonly periodogram: Periodogram;
  /** The strongest signal of this round, or null when nothing passed the threshold. */
  readonly signal: Signal | null;
}

/** A fitted parameter. `error` is one sigma; NaN where the data do not constrain it. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** A transit model fitted to a folded signal (Mandel & Agol 2002, quadratic limb darkening). */
export interface TransitFit {
  /** Which implementation fitted: "local", "remote", "mock". */
  readonly backend: string;
  /** False where no fit converged; `message` then says why and the estimates are the search's. */
  readonly success: boolean;
  readonly message: string;
  /** Whether all planets of the star were fitted together, with one stellar density (fit/joint.ts). */
  readonly joint: boolean;
  readonly periodDays: Estimate;
  readonly t0Days: Estimate;
  /** Planet radius over star radius. */
  readonly radiusRatio: Estimate;
  readonly impact: Estimate;
  /** Semi-major axis over star radius. */
  readonly axisRatio: Estimate;
  /** First to fourth contact. */
  readonly durationHours: Estimate;
  /** Second to third contact; 0 where the planet never lies wholly inside the star's disk. */
  readonly fullDurationHours: Estimate;
  /** At mid-transit, limb darkening included, without exposure smearing. */
  readonly depthPpm: Estimate;
  readonly inclinationDeg: Estimate;
  /** From period and a/R* on a circular orbit (Seager & Mallén-Ornelas 2003), g/cm^3. */
  readonly stellarDensity: Estimate;
  /** Needs the star's radius; null where it is unknown. */
  readonly planetRadiusEarth: Estimate | null;
  /** a/R* times the star's radius (Winn 2010); null where it is unknown. */
  readonly semiMajorAxisAu: Estimate | null;
  /** Stellar flux at the planet, the Earth's is 1; null where the star's temperature is unknown. */
  readonly insolationEarth: Estimate | null;
  /** Zero albedo, full redistribution; null where the star's temperature is unknown. */
  readonly equilibriumTemperatureK: Estimate | null;
  readonly limbDarkening: readonly [number, number];
  readonly limbDarkeningSource: string;
  readonly chi2: number;
  readonly degreesOfFreedom: number;
  /** Folded and binned curve the fit saw, with the model: for the plots. */
  readonly folded: {
    /** (B,) hours from mid-transit. */
    readonly hours: Float64Array;
    readonly flux: Float64Array;
    readonly fluxError: Float64Array;
    readonly model: Float64Array;
  };
  /** What another backend made of the same points, where two are compared (fit/compared.ts). */
  readonly compared?: TransitFit;
}

export type Verdict = 'pass' | 'warn' | 'fail' | 'not_computable';

/** One vetting test. `value` is null exactly when the verdict is `not_computable`. */
export interface VettingTest {
  /** snake_case name, permanent: "odd_even", "secondary", "shape", ... */
  readonly test: string;
  readonly value: number | null;
  readonly threshold: number;
  readonly verdict: Verdict;
  /** What it means for this candidate, as a sentence with its numbers. */
  readonly message: string;
}

/** What is known of a candidate before it is classified. */
export interface ClassifierInput {
  /** (784,) as `candidateViews` folds its curve, global then local. */
  readonly views: Float32Array;
  /** By name: what the vetting says, as numbers. */
  readonly features: Readonly<Record<string, number>>;
}

/** What one model said of a candidate. */
export interface ModelShare {
  readonly name: string;
  readonly version: string;
  /** Of the graph that was run. */
  readonly sha256: string;
  /** Of a planet, 0 to 1, calibrated. */
  readonly probability: number;
}

/** Where a candidate lies among others: similar ones have similar embeddings. */
export interface Embedding {
  /** (128,) of length 1. */
  readonly values: Float32Array;
  /** Of the graph that made it: embeddings of two graphs cannot be compared. */
  readonly sha256: string;
}

export interface Classification {
  /** Of a planet, 0 to 1. */
  readonly probability: number;
  /** What made it: a model as name@version, or "formula 1". */
  readonly source: string;
  /** The features that entered, by name. */
  readonly features: Readonly<Record<string, number>>;
  /** All models that had a say, the one that `source` names last; empty without models. */
  readonly models: readonly ModelShare[];
  /** null where no model gives one. */
  readonly embedding: Embedding | null;
}

/** Says how likely a candidate is a planet. */
export type Classifier = (candidate: ClassifierInput) => Classification;

export type Action = 'accept' | 'reject' | 'human_review';

export interface Decision {
  readonly action: Action;
  /** Sentences, the weightiest first; never empty. */
  readonly reasons: readonly string[];
  readonly policy: string;
}

/** A decision with all that is needed to judge other policies by it later. */
export interface LoggedDecision extends Decision {
  /** Of each action, as the policy chose. */
  readonly probabilities: Readonly<Record<Action, number>>;
  /** What the thresholds say. */
  readonly thresholds: Action;
  /** False where no policy may accept it. */
  readonly mayAccept: boolean;
  /** (C,) by policy/context.ts */
  readonly context: readonly number[];
}

export interface CandidateResult {
  /** 1 is the first found. */
  readonly rank: number;
  readonly signal: Signal;
  readonly fit: TransitFit;
  readonly vetting: readonly VettingTest[];
  readonly classification: Classification;
  readonly decision: LoggedDecision;
  /**
   * Part of the depth that the detrending before the search kept, measured with the found shape
   * (depth-retained.ts); null where the curve has no room for it. Depth, SNR and fit are of the curve
   * whose trend the transits no longer shape.
   */
  readonly depthRetained: number | null;
  /**
   * Probability that this curve without a planet would give as good a signal, of three transits or more
   * where this one has as many (false-alarms.ts); null for a single event, and where it was not asked for.
   */
  readonly falseAlarmProbability: number | null;
  /** Curve with the earlier candidates' transits masked out: what this one was found in. */
  readonly curve: LightCurve;
  readonly periodogram: Periodogram;
}

/** Planets of similar period and radius that were injected, and how many of them were recovered. */
export interface SensitivityCell {
  readonly periodBin: number;
  readonly radiusBin: number;
  readonly injected: number;
  readonly recovered: number;
  /** 68 % binomial interval of the share that is recovered (Wilson 1927). */
  readonly low: number;
  readonly high: number;
}

/**
 * Which planets the search finds in this very curve: measured by injection and recovery. "Found" is
 * by the search, above its threshold; what vetting would have said is not part of it.
 */
export interface SensitivityMap {
  /** (C + 1,) increasing. */
  readonly periodEdgesDays: readonly number[];
  /** (R + 1,) increasing; planet radius over star radius. */
  readonly radiusRatioEdges: readonly number[];
  /** null where it is not known. */
  readonly starRadiusSun: number | null;
  /** The search's threshold. */
  readonly minSnr: number;
  /** Injections that a whole map has at most; cells that agree with their neighbours take fewer. */
  readonly planned: number;
  /** Whether it was cut short: the cells say how far it came. */
  readonly interrupted: boolean;
  readonly injected: number;
  /** (R · C,) radius bin by radius bin. */
  readonly cells: readonly SensitivityCell[];
  /** (C,) radius ratio at which half are found; null where the map does not hold it. */
  readonly halfRadiusRatio: readonly (number | null)[];
}

/** Everything the pipeline found out about one target. */
export interface TargetResult {
  readonly target: string;
  readonly mission: Mission;
  readonly star: Star;
  readonly points: number;
  readonly baselineDays: number;
  /** Robust scatter of the detrended curve, point to point. */
  readonly rmsPpm: number;
  /** Cleaned, stitched, before detrending. */
  readonly raw: LightCurve;
  /** Its trend was followed beside the transits of the candidates. */
  readonly detrended: LightCurve;
  readonly cleaning: Cleaning;
  readonly detrending: Detrending;
  readonly grid: SearchGrid;
  readonly candidates: readonly CandidateResult[];
  /** Periodogram of the last round, in which nothing more was found. */
  readonly residual: Periodogram | null;
  /** What could have been found; null where it was not measured. */
  readonly sensitivity: SensitivityMap | null;
  /** Sentences about what the caller should know: assumed star, unknown zero point, ... */
  readonly warnings: readonly string[];
}

/** What a user may set; everything has a default that works untuned. */
export interface DetectionParams {
  /** @default 0.5 */
  readonly minPeriodDays: number;
  /** null: half the baseline, at most 500. @default null */
  readonly maxPeriodDays: number | null;
  /** @default 6 */
  readonly maxPlanets: number;
  /** @default 'biweight' */
  readonly detrend: 'biweight' | 'median' | 'none';
  /** null: three times the longest duration searched. @default null */
  readonly windowDays: number | null;
  /** @default 'folding' */
  readonly method: 'folding' | 'bls';
  /** A signal below it is not reported. @default 7.1 */
  readonly minSnr: number;
  /**
   * Scrambled curves that are searched for the false-alarm probability: 0, or from 5 on. null: as many
   * as the signals need and seconds allow, at most 10. @default null
   */
  readonly falseAlarmTrials: number | null;
  /**
   * When to measure by injection and recovery what could have been found: never, where nothing was
   * found (25 cells, a second or two), or always (64 cells, and more injections in each).
   * @default 'on_null'
   */
  readonly sensitivity: 'never' | 'on_null' | 'always';
  /** Seed of everything random. @default 1 */
  readonly seed: number;
}

export type Stage =
  | 'load'
  | 'stitch'
  | 'clean'
  | 'detrend'
  | 'search'
  | 'fit'
  | 'vet'
  | 'classify'
  | 'decide'
  | 'sensitivity'
  | 'explain'
  | 'store';

/** Called at least once a second by a stage that takes longer. `fraction` is of the whole task. */
export type ReportProgress = (stage: Stage, fraction: number, message: string) => void;
