/** Whose curve it is: target, mission, quarter or sector and star, from headers, comments or the name. */
import type { Mission, Star } from '../types.js';
import type { FitsHeader } from './fits-header.js';

export interface Identity {
  readonly target: string | null;
  readonly mission: Mission;
  /** "Q3", "C3", "S27"; null where there is no such number. */
  readonly label: string | null;
  readonly star: Star;
}

/** Looks a keyword up, whatever the file's format; null where it is absent. */
export interface Keywords {
  string(keyword: string): string | null;
  number(keyword: string): number | null;
}

/** What several headers say, the first that knows a keyword winning. */
export function keywordsOf(headers: readonly FitsHeader[]): Keywords {
  const first = <T>(read: (header: FitsHeader) => T | null) => {
    for (const header of headers) {
      const value = read(header);
      if (value !== null) return value;
    }
    return null;
  };
  return {
    string: (keyword) => first((header) => header.string(keyword)),
    number: (keyword) => first((header) => header.number(keyword)),
  };
}

/** What the keywords say, and where they say nothing, what the file's name does. */
export function identify(keywords: Keywords, filename: string): Identity {
  const named = identifyByName(filename);
  const target = targetOf(keywords) ?? named.target;
  const mission = missionOf(keywords, target);
  return {
    target,
    mission: mission === 'unknown' ? named.mission : mission,
    label: labelOf(keywords) ?? named.label,
    star: starOf(keywords),
  };
}

const CATALOGUES: Readonly<Record<string, Mission>> = { KIC: 'Kepler', EPIC: 'K2', TIC: 'TESS' };

/** "TIC 307210830" of "tic307210830_all_10min.csv", "KIC 11442793" of "kplr011442793-...". */
function identifyByName(filename: string): Identity {
  const name = filename.split(/[\\/]/).at(-1) ?? '';
  const archive =
    /^tess\d{13}-s(?<sector>\d{4})-(?<tic>\d{16})-/i.exec(name) ??
    /^hlsp_.*_s?(?<sector>\d{4})-(?<tic>\d{16})_/i.exec(name) ??
    /^hlsp_.*_(?<tic>\d{16})-s(?<sector>\d{4})_/i.exec(name) ??
    /^kplr(?<kic>\d{9})-/i.exec(name) ??
    /^ktwo(?<epic>\d{9})-c(?<campaign>\d{2,3})_/i.exec(name);
  const parts: Partial<Record<string, string>> = archive?.groups ?? {};
  const free = /(?:^|[^a-z])(kic|epic|tic)[-_ ]?0*(\d{3,12})(?!\d)/i.exec(name);
  const catalogue = parts.tic ? 'TIC' : parts.kic ? 'KIC' : parts.epic ? 'EPIC' : null;
  const kind = catalogue ?? free?.[1].toUpperCase() ?? null;
  const number = parts.tic ?? parts.kic ?? parts.epic ?? free?.[2];
  return {
    target: kind && number ? `${kind} ${Number(number)}` : null,
    mission: kind ? CATALOGUES[kind] : 'unknown',
    label: parts.sector
      ? `S${Number(parts.sector)}`
      : parts.campaign
        ? `C${Number(parts.campaign)}`
        : null,
    star: {},
  };
}

function targetOf(keywords: Keywords): string | null {
  const object = keywords.string('OBJECT') ?? keywords.string('TARGET');
  const match = /^(KIC|EPIC|TIC)[-_ ]?0*(\d+)$/i.exec(object ?? '');
  if (match) return `${match[1].toUpperCase()} ${match[2]}`;
  const tic = keywords.number('TICID');
  if (tic !== null) return `TIC ${tic}`;
  const kepler = keywords.number('KEPLERID');
  // One keyword for both catalogues: EPIC numbers start at 201,000,000 (Huber et al. 2016).
  if (kepler !== null) return `${kepler >= 200_000_000 ? 'EPIC' : 'KIC'} ${kepler}`;
  return object;
}

function missionOf(keywords: Keywords, target: string | null): Mission {
  const says = `${keywords.string('MISSION') ?? ''} ${keywords.string('TELESCOP') ?? ''}`;
  if (/\bK2\b/i.test(says)) return 'K2';
  if (/\bTESS\b/i.test(says)) return 'TESS';
  const catalogue = CATALOGUES[target?.split(' ')[0] ?? ''];
  if (/\bKepler\b/i.test(says)) return catalogue === 'K2' ? 'K2' : 'Kepler';
  return catalogue ?? 'unknown';
}

function labelOf(keywords: Keywords): string | null {
  for (const [keyword, letter] of [
    ['SECTOR', 'S'],
    ['CAMPAIGN', 'C'],
    ['QUARTER', 'Q'],
  ]) {
    const number = keywords.number(keyword);
    if (number !== null && Number.isInteger(number) && number >= 0) return `${letter}${number}`;
  }
  return null;
}

/** Values outside what a star can have are left out: QLP, for one, writes -1 where it knows nothing. */
function starOf(keywords: Keywords): Star {
  const within = (keyword: string, low: number, high: number) => {
    const value = keywords.number(keyword);
    return value !== null && value > low && value < high ? value : undefined;
  };
  const logg = within('LOGG', 0, 10);
  const radiusSun = within('RADIUS', 0, 3000);
  const metallicity = within('FEH', -10, 5) ?? within('MH', -10, 5);
  const unknownAsMinusOne = metallicity === -1 && logg === undefined && radiusSun === undefined;
  const star = {
    radiusSun,
    radiusErrorSun: within('RADERR', 0, 3000),
    effectiveTemperatureK: within('TEFF', 500, 250_000),
    effectiveTemperatureErrorK: within('TEFFERR', 0, 100_000),
    logg,
    metallicity: unknownAsMinusOne ? undefined : metallicity,
    rightAscensionDeg: within('RA_OBJ', -1e-9, 360),
    declinationDeg: within('DEC_OBJ', -90.0001, 90.0001),
    magnitude: within('KEPMAG', -30, 40) ?? within('TESSMAG', -30, 40),
  };
  return Object.fromEntries(Object.entries(star).filter(([, value]) => value !== undefined));
}
