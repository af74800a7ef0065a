/**
 * Writes a segment as a Kepler-like light curve file: a primary header that names the star and one
 * binary table LIGHTCURVE (FITS standard 4.0; columns as in the Kepler Archive Manual, section 2.3.1).
 */
import type { Mission, Segment } from '../types.js';
import { FITS_BLOCK_BYTES } from './fits-header.js';

export interface FitsMetadata {
  /** (N,) flux before correction; the segment's own where left out. */
  readonly sapFlux?: Float64Array;
  readonly sapFluxError?: Float64Array;
  /** (N,) added to the spacecraft's clock to give `timeDays`, in days; zeros where left out. */
  readonly timeCorrectionDays?: Float64Array;
  /** (N,) running number of the cadence; the row's number from 0 where left out. */
  readonly cadenceNumber?: Int32Array;
  /** (N,) mission quality bits; 256 (Kepler) or 128 (TESS), "manual exclude", on flagged points otherwise. */
  readonly quality?: Int32Array;
  /** ORIGIN of the file. @default 'Lightfold' */
  readonly origin?: string;
}

type Card = readonly [keyword: string, value: string | number | boolean | null, comment: string];

interface Column {
  readonly name: string;
  readonly form: 'D' | 'E' | 'J';
  readonly unit: string | null;
  readonly value: (row: number) => number;
}

const ELEMENT_BYTES = { D: 8, E: 4, J: 4 } as const;

/**
 * The whole file. Fluxes are stored with 32 bits, as the missions do. The same input gives the same
 * bytes: there is no date in it.
 *
 * @throws {RangeError} where the zero point of the segment is unknown or an array has another length.
 */
export function writeFits(segment: Segment, meta: FitsMetadata = {}): Uint8Array {
  const rows = segment.timeDays.length;
  if (!Number.isFinite(segment.timeOffsetDays)) {
    throw new RangeError('segment.timeOffsetDays is NaN: FITS needs the zero point of the times');
  }
  checkLengths(segment, meta, rows);
  const columns = columnsOf(segment, meta);
  return Buffer.concat([
    header(primaryCards(segment, meta)),
    header(tableCards(segment, columns, rows)),
    tableData(columns, rows),
  ]);
}

function checkLengths(segment: Segment, meta: FitsMetadata, rows: number): void {
  const arrays = {
    flux: segment.flux,
    fluxError: segment.fluxError,
    flagged: segment.flagged,
    sapFlux: meta.sapFlux,
    sapFluxError: meta.sapFluxError,
    timeCorrectionDays: meta.timeCorrectionDays,
    cadenceNumber: meta.cadenceNumber,
    quality: meta.quality,
  };
  for (const [name, array] of Object.entries(arrays)) {
    if (array && array.length !== rows) {
      throw new RangeError(`${name} has ${array.length} elements, timeDays ${rows}`);
    }
  }
}

function columnsOf(segment: Segment, meta: FitsMetadata): Column[] {
  const isTess = segment.mission === 'TESS';
  const manualExclude = isTess ? 128 : 256;
  const error = segment.fluxError;
  const sap = meta.sapFlux ?? segment.flux;
  const sapError = meta.sapFluxError ?? error;
  const offset = segment.timeOffsetDays;
  const quality = (row: number) =>
    meta.quality?.[row] ?? (segment.flagged?.[row] ? manualExclude : 0);
  return [
    { name: 'TIME', form: 'D', unit: `BJD - ${offset}`, value: (row) => segment.timeDays[row] },
    { name: 'TIMECORR', form: 'E', unit: 'd', value: (row) => meta.timeCorrectionDays?.[row] ?? 0 },
    { name: 'CADENCENO', form: 'J', unit: null, value: (row) => meta.cadenceNumber?.[row] ?? row },
    { name: 'SAP_FLUX', form: 'E', unit: 'e-/s', value: (row) => sap[row] },
    { name: 'SAP_FLUX_ERR', form: 'E', unit: 'e-/s', value: (row) => sapError?.[row] ?? NaN },
    { name: 'PDCSAP_FLUX', form: 'E', unit: 'e-/s', value: (row) => segment.flux[row] },
    { name: 'PDCSAP_FLUX_ERR', form: 'E', unit: 'e-/s', value: (row) => error?.[row] ?? NaN },
    { name: isTess ? 'QUALITY' : 'SAP_QUALITY', form: 'J', unit: null, value: quality },
  ];
}

const LABELS: Readonly<Record<string, string>> = { Q: 'QUARTER', C: 'CAMPAIGN', S: 'SECTOR' };

function primaryCards(segment: Segment, meta: FitsMetadata): Card[] {
  const label = /^([QCS])(\d+)$/.exec(segment.label);
  const { star } = segment;
  return [
    ['SIMPLE', true, 'conforms to FITS standard'],
    ['BITPIX', 8, 'array data type'],
    ['NAXIS', 0, 'number of array dimensions'],
    ['EXTEND', true, 'file contains extensions'],
    ['NEXTEND', 1, 'number of standard extensions'],
    ['ORIGIN', meta.origin ?? 'Lightfold', 'who wrote the file'],
    ...missionCards(segment.mission),
    ['OBJECT', segment.target, 'target'],
    [
      label ? LABELS[label[1]] : 'LABEL',
      label ? Number(label[2]) : segment.label,
      'observing season',
    ],
    ['RA_OBJ', star.rightAscensionDeg ?? null, '[deg] right ascension'],
    ['DEC_OBJ', star.declinationDeg ?? null, '[deg] declination'],
    [segment.mission === 'TESS' ? 'TESSMAG' : 'KEPMAG', star.magnitude ?? null, '[mag] brightness'],
    ['TEFF', star.effectiveTemperatureK ?? null, '[K] effective temperature'],
    ...errorCard('TEFFERR', star.effectiveTemperatureErrorK, '[K] one sigma of TEFF'),
    ['LOGG', star.logg ?? null, '[cm/s2] log10 surface gravity'],
    ['FEH', star.metallicity ?? null, '[log10([Fe/H])] metallicity'],
    ['RADIUS', star.radiusSun ?? null, '[solar radii] stellar radius'],
    ...errorCard('RADERR', star.radiusErrorSun, '[solar radii] one sigma of RADIUS'),
  ];
}

/** The missions' headers have no such card: only where somebody knows. */
function errorCard(keyword: string, error: number | undefined, comment: string): Card[] {
  return error === undefined ? [] : [[keyword, error, comment]];
}

function missionCards(mission: Mission): Card[] {
  if (mission === 'unknown') return [];
  const telescope: Card = ['TELESCOP', mission === 'TESS' ? 'TESS' : 'Kepler', 'telescope'];
  return mission === 'TESS' ? [telescope] : [telescope, ['MISSION', mission, 'mission name']];
}

function tableCards(segment: Segment, columns: readonly Column[], rows: number): Card[] {
  const whole = Math.floor(segment.timeOffsetDays);
  return [
    ['XTENSION', 'BINTABLE', 'binary table'],
    ['BITPIX', 8, 'array data type'],
    ['NAXIS', 2, 'number of array dimensions'],
    ['NAXIS1', rowBytes(columns), 'bytes per row'],
    ['NAXIS2', rows, 'rows'],
    ['PCOUNT', 0, 'no variable-length arrays'],
    ['GCOUNT', 1, 'one group'],
    ['TFIELDS', columns.length, 'columns'],
    ...columns.flatMap(columnCards),
    ['EXTNAME', 'LIGHTCURVE', 'name of extension'],
    ['OBJECT', segment.target, 'target'],
    ['TIMEREF', 'SOLARSYSTEM', 'barycentric correction applied to times'],
    ['TIMESYS', 'TDB', 'time system'],
    ['BJDREFI', whole, 'integer part of BJD reference date'],
    ['BJDREFF', segment.timeOffsetDays - whole, 'fraction of the day in BJD reference date'],
    ['TIMEUNIT', 'd', 'unit of TIME'],
    ['TIMEDEL', segment.exposureDays, '[d] exposure time of one point'],
  ];
}

function columnCards(column: Column, index: number): Card[] {
  return [
    [`TTYPE${index + 1}`, column.name, 'column name'],
    [`TFORM${index + 1}`, column.form, 'column format'],
    [`TUNIT${index + 1}`, column.unit, 'column unit'],
  ];
}

/** Cards without a value are left out: FITS has no better way to say "unknown" to every reader. */
function header(cards: readonly Card[]): Buffer {
  const lines = cards.filter(([, value]) => value !== null).map(formatCard);
  const text = [...lines, 'END'.padEnd(80)].join('');
  const blocks = Math.ceil(text.length / FITS_BLOCK_BYTES);
  return Buffer.from(text.padEnd(blocks * FITS_BLOCK_BYTES), 'latin1');
}

/** Fixed format (FITS 4.0 section 4.2): numbers and logicals end in column 30, strings start in 11. */
function formatCard([keyword, value, comment]: Card): string {
  const text =
    typeof value === 'string' ? quote(value) : formatValue(value as number | boolean).padStart(20);
  return `${keyword.padEnd(8)}= ${text.padEnd(20)} / ${comment}`.slice(0, 80).padEnd(80);
}

function formatValue(value: number | boolean): string {
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  return Number.isInteger(value) ? String(value) : String(value).toUpperCase();
}

/** Printable ASCII only (section 4.2.1), quotes doubled, at least eight characters, at most one card. */
function quote(value: string): string {
  const printable = value.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
  return `'${printable.replaceAll("'", "''").slice(0, 66).padEnd(8)}'`;
}

function tableData(columns: readonly Column[], rows: number): Buffer {
  const width = rowBytes(columns);
  const blocks = Math.ceil((rows * width) / FITS_BLOCK_BYTES);
  const bytes = Buffer.alloc(blocks * FITS_BLOCK_BYTES);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const { form, value } of columns) {
      if (form === 'D') at = bytes.writeDoubleBE(value(row), at);
      else if (form === 'E') at = bytes.writeFloatBE(value(row), at);
      else at = bytes.writeInt32BE(value(row), at);
    }
  }
  return bytes;
}

function rowBytes(columns: readonly Column[]): number {
  return columns.reduce((total, column) => total + ELEMENT_BYTES[column.form], 0);
}
