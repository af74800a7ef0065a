/**
 * One look for everything. The hues are those of Okabe & Ito 2008 ("Color Universal Design"), which
 * readers with any common colour blindness can tell apart; each candidate also has its own symbol.
 */

export const ink = '#1d2733';
export const muted = '#5a6673';
export const frame = '#7b8794';
export const grid = '#e3e7eb';
export const paper = '#ffffff';
export const wash = '#f3f5f7';

export const point = '#8696a7';
export const bin = '#1d2733';
export const model = '#d55e00';
export const trend = '#d55e00';
export const accent = '#0072b2';

export const pass = '#00724f';
export const warn = '#a86400';
export const fail = '#b03a00';

/** Light to dark: how many points lie on one cell of a density raster. The first is a lone point. */
export const density = [
  '#9aa9b8',
  '#8496a7',
  '#6d8196',
  '#566c83',
  '#415870',
  '#2e445b',
  '#1d3046',
] as const;

/** Of candidate 1 to 6, then again. */
export const candidates = [
  '#0072b2',
  '#d55e00',
  '#007a5a',
  '#9c5088',
  '#8a6d00',
  '#333f4c',
] as const;

export const candidateColor = (rank: number): string =>
  candidates[(Math.max(rank, 1) - 1) % candidates.length];
