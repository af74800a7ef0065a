import type { z } from 'zod';
import { parse, SettingsError } from './parse-settings.js';
import { settingList } from './setting-list.js';

const fitterSchema = settingList.pick({
  TRANSIT_FITTER: true,
  USE_LOCAL_MODULUS: true,
  TRANSIT_FITTER_COMPARE: true,
  TRANSIT_FITTER_URL: true,
  TRANSIT_FITTER_TIMEOUT_SECONDS: true,
  TRANSIT_FITTER_MAX_REQUEST_BYTES: true,
});
type FitterValues = Readonly<z.output<typeof fitterSchema>>;

/** Who fits transits, and with whom it is compared. */
export function fittersOf(values: FitterValues) {
  const { TRANSIT_FITTER, USE_LOCAL_MODULUS, TRANSIT_FITTER_COMPARE } = values;
  const first = TRANSIT_FITTER ?? (USE_LOCAL_MODULUS === false ? 'remote' : 'local');
  return {
    first,
    second: TRANSIT_FITTER_COMPARE === first ? undefined : TRANSIT_FITTER_COMPARE,
    url: values.TRANSIT_FITTER_URL,
    timeoutSeconds: values.TRANSIT_FITTER_TIMEOUT_SECONDS,
    maxRequestBytes: values.TRANSIT_FITTER_MAX_REQUEST_BYTES,
  };
}

/**
 * Who fits transits where there is no server, so that no other setting is needed.
 *
 * @throws {SettingsError} as `readSettings`.
 */
export function readFitters(environment: Readonly<Record<string, string | undefined>>) {
  const fitters = fittersOf(parse(fitterSchema, environment));
  const faults = fitterFaults(fitters);
  if (faults.length > 0) throw new SettingsError(faults);
  return fitters;
}

export function fitterFaults({ first, second, url }: ReturnType<typeof fittersOf>): string[] {
  return (first === 'remote' || second === 'remote') && !url
    ? ['TRANSIT_FITTER_URL must name the service that a remote fitter asks']
    : [];
}
