import { ink, paper } from './palette.js';

/** White text from here on. */
const DARK_FROM = 0.55;

/** White to dark blue: light is blind. Grows in darkness alone, so that it survives any print. */
const RAMP = ['#f3f5f7', '#bcd3e6', '#6fa3cc', '#2f6fa8', '#0b3a66'].map((hex) =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)),
);

/** Of a share, 0 to 1. */
export function shareColor(share: number): string {
  const at = share * (RAMP.length - 1);
  const from = Math.min(Math.floor(at), RAMP.length - 2);
  const mixed = RAMP[from].map((value, c) =>
    Math.round(value + (at - from) * (RAMP[from + 1][c] - value)),
  );
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Of a text that stands on the colour of a share. */
export const onShare = (share: number): string => (share > DARK_FROM ? paper : ink);
