import type { Keywords } from './identity.js';

/** Words that people write where FITS has a keyword. */
const KEYWORDS: Readonly<Record<string, string>> = {
  target: 'OBJECT',
  targetid: 'OBJECT',
  object: 'OBJECT',
  ticid: 'TICID',
  tic: 'TICID',
  keplerid: 'KEPLERID',
  kic: 'KEPLERID',
  mission: 'MISSION',
  telescop: 'TELESCOP',
  telescope: 'TELESCOP',
  sector: 'SECTOR',
  quarter: 'QUARTER',
  campaign: 'CAMPAIGN',
  exposure_days: 'EXPOSURE_DAYS',
  exposure_seconds: 'EXPOSURE_SECONDS',
  teff: 'TEFF',
  logg: 'LOGG',
  teff_error: 'TEFFERR',
  radius: 'RADIUS',
  radius_error: 'RADERR',
  feh: 'FEH',
  mh: 'MH',
  ra: 'RA_OBJ',
  ra_obj: 'RA_OBJ',
  dec: 'DEC_OBJ',
  dec_obj: 'DEC_OBJ',
  kepmag: 'KEPMAG',
  tessmag: 'TESSMAG',
};

/** A longer line is prose. */
const LONGEST_COMMENT = 300;

/** "target: TIC 307210830", "SECTOR = 27" in comment lines, as keywords. The first one counts. */
export function commentKeywords(comments: readonly string[]): Keywords {
  const values = new Map<string, string>();
  for (const comment of comments) {
    const match = /^\s*([A-Za-z_]+)\s*[:=]\s*(.{1,200}?)\s*$/.exec(
      comment.slice(0, LONGEST_COMMENT),
    );
    const keyword = match && KEYWORDS[match[1].toLowerCase()];
    if (!keyword || values.has(keyword)) continue;
    const value = match[2].replace(/^(['"])(.*)\1$/, '$2').trim();
    if (value !== '') values.set(keyword, value);
  }
  return {
    string: (keyword) => values.get(keyword) ?? null,
    number: (keyword) => {
      const value = Number(values.get(keyword) ?? NaN);
      return Number.isFinite(value) ? value : null;
    },
  };
}
