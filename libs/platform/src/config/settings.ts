/** The settings of a process: read once at the start. */
import type { z } from 'zod';
import { fitterFaults, fittersOf } from './fitters.js';
import { parse, SettingsError } from './parse-settings.js';
import { SAMPLE_SECRET, settingList, type SettingValues } from './setting-list.js';

export type SettingName = keyof z.input<typeof settingList>;

/** The settings' values, as a class so that Nest can inject them without a token. */
export class Settings extends (class {} as new () => SettingValues) {}

/**
 * Reads settings from an environment; empty strings count as absent.
 *
 * @throws {SettingsError} listing every fault by the setting's name.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const values = parse(settingList, environment);
  const faults = contradictions(values);
  if (faults.length > 0) throw new SettingsError(faults);
  const logLevel = values.DEBUG ? 'debug' : values.LOG_LEVEL;
  return Object.freeze(Object.assign(new Settings(), values, { LOG_LEVEL: logLevel }));
}

/** Rules about several settings at once. */
function contradictions(values: SettingValues): string[] {
  const faults = fitterFaults(fittersOf(values));
  if (values.HEARTBEAT_SECONDS * 3 > values.LEASE_SECONDS) {
    faults.push('HEARTBEAT_SECONDS must be at most a third of LEASE_SECONDS');
  }
  if (values.MAX_BATCH_SIZE > values.PREDICT_QUEUE_ROWS) {
    faults.push('MAX_BATCH_SIZE must be at most PREDICT_QUEUE_ROWS');
  }
  if (values.NODE_ENV === 'production') {
    if (values.JWT_SECRET_KEY === SAMPLE_SECRET) {
      faults.push('JWT_SECRET_KEY is the sample secret; production needs one of its own');
    }
    if (values.CORS_ORIGINS.includes('*')) {
      faults.push('CORS_ORIGINS must not be "*" in production; name the origins');
    }
  }
  return faults;
}

export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  /** As the environment would give it; null where the setting is required or has none. */
  readonly defaultValue: string | null;
  readonly required: boolean;
  readonly secret: boolean;
}

/** What docs/configuration.md lists. */
export function describeSettings(): SettingDescription[] {
  return Object.entries(settingList.shape).map(([name, field]) => {
    const parsed = field.safeParse(undefined);
    const meta = field.meta() as { secret?: boolean } | undefined;
    const isSecret = meta?.secret === true;
    const hasDefault = parsed.success && parsed.data !== undefined;
    return {
      name,
      description: field.description ?? '',
      defaultValue: hasDefault && !isSecret ? String(parsed.data) : null,
      required: !parsed.success,
      secret: isSecret,
    };
  });
}
