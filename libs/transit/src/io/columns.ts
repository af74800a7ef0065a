/** Which columns of a table are time, flux, its uncertainty and quality: by name, in order of preference. */
import { UnreadableError } from './issues.js';

export interface ColumnFacts {
  /** As the file spells it. */
  readonly name: string;
  readonly unit: string | null;
}

/** Names are cut here: nobody types more, and patterns run over it more than once. */
export const LONGEST_NAME = 200;

/** Positions in the table; null where there is none. */
export interface ChosenColumns {
  readonly time: number;
  readonly flux: number;
  readonly fluxError: number | null;
  readonly quality: number | null;
}

/** Names to use instead of the preferences below; upper and lower case do not matter. */
export interface ColumnWishes {
  readonly timeColumn?: string;
  readonly fluxColumn?: string;
}

/** Time, the most telling name first. Matched against {@link canonicalName}. */
const TIME_NAMES = [
  /^(time_)?(bjd|bkjd|btjd)(_?tdb)?(_?-_?\d+(\.\d+)?)?$/,
  /^(tmid|mid_?time|t_mid)(_bjd)?(_tdb)?$/,
  /^time(_bjd_tdb|_hjd|_jd|_mjd|_tdb)?$/,
  /^(hjd|jd|mjd|bmjd)(_?tdb|_?utc)?(_?-_?\d+(\.\d+)?)?$/,
  /^times?(_(d|days?|s|secs?|seconds|min|minutes|hr?s?|hours))?$|^t$|^barytime$|^obs_?time$|^date$|^dates?_bjd$/,
];

/** Flux: corrected by its pipeline, then corrected by somebody, then plain, then raw. */
const FLUX_NAMES = [
  /^pdcsap_?flux$/,
  /^ksp_?sap_?flux$|^ksp_?flux$/,
  /^det_?flux$/,
  /^(flux_?)?(detrended|flattened|flat|whitened)(_?flux)?$|^flux_(det|flat|corr|corrected|cor)$/,
  /^(corr|cor|corrected|detrended|flat|flattened)_?flux$|^fcor$|^cal_aper_flux$|^cal_psf_flux$/,
  /^(flux_norm|norm_?flux|normali[sz]ed_?flux|flux_normali[sz]ed|rel(ative)?_?flux|flux_rel)$/,
  /^flux(es)?$|^f$|^lc$|^intensity$|^brightness$/,
  /^sap_?flux$/,
  /^raw_?flux$|^flux_?raw$|^fraw$|^aperture_?flux$|^aper_?flux$|^psf_?flux$/,
  /^counts?$|^count_?rate$|^rate$|^electrons?$/,
];

/** A name that has flux in it, but that nobody has told us about. */
const OTHER_FLUX = /(^|_)flux(_|\d|$)/;
const NOT_A_FLUX = /(_|^)(err|error|unc|uncert|uncertainty|sigma|bkg|background|bg|e)(_|$)|err$/;

const MAGNITUDE =
  /^(kep|tess|k|t|v|g|r|i|instr|rel|delta|d)?_?(mag|mags|magnitude|magnitudes)(_|$)/;
const MAGNITUDE_UNIT = /^(m?mag|abmag|stmag|mag\(ab\)|dex)$/i;

const ERROR_NAMES =
  /^(flux_?(err|error|errors|unc|uncertainty|sigma)|e_?flux|(err|error|sigma|unc)(_flux)?|uncertainty|ferr|f_err)$/;
const QUALITY_NAMES = [/^sap_quality$/, /^(d?quality|qual)(_flags?)?$/, /^(tess_)?flags?$/];

/** Lower case, unit in brackets removed, blanks as underscores: "Time (BJD)" is "time_bjd". */
export function canonicalName(name: string): string {
  return name
    .slice(0, LONGEST_NAME)
    .trim()
    .toLowerCase()
    .replace(/[([]\s*(bjd|bkjd|btjd|hjd|jd|mjd)([^)\]]*)[)\]]/, '_$1$2')
    .replace(/[([].*?[)\]]/g, '')
    .trim()
    .replace(/[\s.]+/g, '_')
    .replace(/_+/g, '_')
    .replace(/^_|_$/g, '');
}

/**
 * @throws {UnreadableError} missing_column, ambiguous_column, magnitudes.
 */
export function chooseColumns(
  columns: readonly ColumnFacts[],
  wishes: ColumnWishes = {},
): ChosenColumns {
  const names = columns.map((column) => canonicalName(column.name));
  const time = wishes.timeColumn
    ? wished(names, columns, wishes.timeColumn)
    : chooseTime(names, columns);
  const flux = wishes.fluxColumn
    ? wished(names, columns, wishes.fluxColumn)
    : chooseFlux(names, columns);
  if (MAGNITUDE_UNIT.test(columns[flux].unit ?? '')) refuseMagnitudes(columns[flux].name);
  return {
    time,
    flux,
    fluxError: findError(names, flux),
    quality: firstOf(names, columns, QUALITY_NAMES),
  };
}

/** True for a name that is time or flux: tells a line of names from a line of prose. */
export function isKnownName(name: string): boolean {
  const canonical = canonicalName(name);
  return [...TIME_NAMES, ...FLUX_NAMES].some((pattern) => pattern.test(canonical));
}

function chooseTime(names: readonly string[], columns: readonly ColumnFacts[]): number {
  const time = firstOf(names, columns, TIME_NAMES);
  if (time !== null) return time;
  const phase = names.findIndex((name) => /^(orbital_)?phase$/.test(name));
  throw new UnreadableError(
    'missing_column',
    phase >= 0
      ? `There is a column "${columns[phase].name}" but no time: a folded curve cannot be searched.`
      : `No column is known to be time. Columns: ${listed(columns)}.`,
  );
}

function chooseFlux(names: readonly string[], columns: readonly ColumnFacts[]): number {
  const flux = firstOf(names, columns, FLUX_NAMES);
  if (flux !== null) return flux;
  const others = names.flatMap((name, index) =>
    OTHER_FLUX.test(name) && !NOT_A_FLUX.test(name) ? [index] : [],
  );
  if (others.length === 1) return others[0];
  if (others.length > 1) refuseAmbiguous('flux', others, columns);
  const magnitude = names.findIndex((name) => MAGNITUDE.test(name));
  if (magnitude >= 0) refuseMagnitudes(columns[magnitude].name);
  throw new UnreadableError(
    'missing_column',
    `No column is known to be flux. Columns: ${listed(columns)}.`,
  );
}

/** The uncertainty that belongs to the flux by name, else the only one there is. */
function findError(names: readonly string[], flux: number): number | null {
  const name = names[flux];
  const own = [`${name}_err`, `${name}_error`, `${name}_unc`, `${name}err`, `e_${name}`];
  own.push(`err_${name}`, `sigma_${name}`, `${name}_sigma`, `${name}_uncertainty`);
  const index = names.findIndex((each) => own.includes(each));
  if (index >= 0) return index;
  // A nameless uncertainty belongs to the plain flux; beside a raw and a corrected one it could be either.
  const fluxes = names.filter((each) => FLUX_NAMES.some((pattern) => pattern.test(each)));
  const general = names.findIndex((each) => ERROR_NAMES.test(each));
  return general >= 0 && (fluxes.length <= 1 || /^flux/.test(name)) ? general : null;
}

function firstOf(
  names: readonly string[],
  columns: readonly ColumnFacts[],
  patterns: readonly RegExp[],
): number | null {
  for (const pattern of patterns) {
    const found = names.flatMap((name, index) => (pattern.test(name) ? [index] : []));
    if (found.length === 1) return found[0];
    if (found.length > 1) refuseAmbiguous('the same thing', found, columns);
  }
  return null;
}

function wished(names: readonly string[], columns: readonly ColumnFacts[], wish: string): number {
  const exact = columns.findIndex((column) => column.name.trim() === wish.trim());
  const index = exact >= 0 ? exact : names.indexOf(canonicalName(wish));
  if (index >= 0) return index;
  throw new UnreadableError(
    'missing_column',
    `There is no column "${wish}". Columns: ${listed(columns)}.`,
    { column: wish },
  );
}

function refuseAmbiguous(
  what: string,
  found: readonly number[],
  columns: readonly ColumnFacts[],
): never {
  const some = found.map((index) => columns[index]);
  throw new UnreadableError(
    'ambiguous_column',
    `The columns ${listed(some)} could all be ${what}; nothing tells which one is meant.`,
    { column: some[0].name },
  );
}

function refuseMagnitudes(name: string): never {
  throw new UnreadableError(
    'magnitudes',
    `Column "${name}" holds magnitudes; flux is needed (flux = 10^(-0.4 magnitude)).`,
    { column: name },
  );
}

const LISTED_NAMES = 20;

function listed(columns: readonly ColumnFacts[]): string {
  const some = columns.slice(0, LISTED_NAMES).map((column) => `"${column.name.slice(0, 40)}"`);
  return some.join(', ') + (columns.length > LISTED_NAMES ? ', ...' : '');
}
