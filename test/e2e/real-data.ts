/** The folder of real light curves, where there is one: targets.json says what is known of each. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { UploadFile } from './client.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = resolve(root, process.env.LIGHTFOLD_DATA ?? '../shared/data');

export const realData = existsSync(join(folder, 'targets.json')) ? folder : null;
export const missingData = `${folder} holds no targets.json; LIGHTFOLD_DATA names the folder of real light curves`;

/** What each of their time systems counts from, as BJD. */
const ZERO_POINT_BJD: Readonly<Record<string, number>> = {
  BTJD: 2_457_000,
  BKJD: 2_454_833,
  'BJD-2450000': 2_450_000,
};

export interface KnownSignal {
  readonly name: string;
  readonly periodDays: number;
  /** null where nobody has seen it in these data. */
  readonly firstTransitBjd: number | null;
  readonly durationHours: number | null;
  /** Found first, at its own period, by a plain box search: nothing hides it. */
  readonly isObvious: boolean;
}

export interface RealTarget {
  readonly target: string;
  readonly label: 'planet' | 'quiet' | 'eclipsing_binary' | 'false_positive';
  readonly isEasy: boolean;
  readonly signals: readonly KnownSignal[];
  readonly files: readonly string[];
}

interface Row {
  readonly target: string;
  readonly label: RealTarget['label'];
  readonly difficulty: string;
  readonly files: readonly string[];
  readonly planets: readonly SignalRow[];
  readonly signals: readonly SignalRow[];
}

interface SignalRow {
  readonly name: string;
  readonly period_days: number;
  readonly epoch_format: string;
  readonly first_transit_in_data?: number | null;
  readonly duration_hours: number | null;
  readonly bls_check?: { readonly rank?: number | null; readonly alias?: string | null };
}

export function realTargets(): RealTarget[] {
  const rows = JSON.parse(readFileSync(join(folder, 'targets.json'), 'utf8')) as Row[];
  return rows.map(({ target, label, difficulty, files, planets, signals }) => ({
    target,
    label,
    isEasy: /\beasy\b/.test(difficulty),
    signals: [...planets, ...signals].map((signal) => ({
      name: signal.name,
      periodDays: signal.period_days,
      firstTransitBjd:
        typeof signal.first_transit_in_data === 'number'
          ? signal.first_transit_in_data + ZERO_POINT_BJD[signal.epoch_format]
          : null,
      durationHours: signal.duration_hours,
      isObvious: signal.bls_check?.rank === 1 && signal.bls_check.alias === '1',
    })),
    files,
  }));
}

export const filesOf = ({ target, files }: RealTarget): UploadFile[] =>
  files.map((path) => ({
    filename: basename(path),
    target,
    bytes: Uint8Array.from(readFileSync(join(folder, path))),
  }));
