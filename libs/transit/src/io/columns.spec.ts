import { describe, expect, it } from 'vitest';
import { canonicalName, chooseColumns } from './columns.js';
import { UnreadableError } from './issues.js';

const choose = (...names: string[]) => {
  const chosen = chooseColumns(names.map((name) => ({ name, unit: null })));
  const nameOf = (index: number | null) => (index === null ? null : names[index]);
  return [chosen.time, chosen.flux, chosen.fluxError, chosen.quality].map(nameOf);
};

describe('choice of columns', () => {
  it.each([
    ['Time (BJD)', 'time_bjd'],
    ['BJD-2457000', 'bjd-2457000'],
    ['  PDCSAP_FLUX ', 'pdcsap_flux'],
    ['flux [e-/s]', 'flux'],
    ['Relative Flux', 'relative_flux'],
  ])('reads the name %j as %j', (name, canonical) => {
    expect(canonicalName(name)).toBe(canonical);
  });

  it.each([
    [
      ['TIME', 'SAP_FLUX', 'PDCSAP_FLUX', 'SAP_FLUX_ERR', 'PDCSAP_FLUX_ERR', 'SAP_QUALITY'],
      ['TIME', 'PDCSAP_FLUX', 'PDCSAP_FLUX_ERR', 'SAP_QUALITY'],
    ],
    [
      ['TIME', 'SAP_FLUX', 'KSPSAP_FLUX', 'KSPSAP_FLUX_ERR', 'QUALITY', 'SAP_BKG'],
      ['TIME', 'KSPSAP_FLUX', 'KSPSAP_FLUX_ERR', 'QUALITY'],
    ],
    [
      ['TIME', 'SAP_FLUX', 'DET_FLUX', 'DET_FLUX_ERR'],
      ['TIME', 'DET_FLUX', 'DET_FLUX_ERR', null],
    ],
    [
      ['TIME', 'SAP_FLUX'],
      ['TIME', 'SAP_FLUX', null, null],
    ],
    [
      ['time', 'rawflux', 'kspflux'],
      ['time', 'kspflux', null, null],
    ],
    [
      ['time_bkjd', 'flux', 'raw_flux', 'x', 'y'],
      ['time_bkjd', 'flux', null, null],
    ],
    [
      ['', 'time', 'flux', 'flux_err', 'background_flux', 'quality'],
      ['time', 'flux', 'flux_err', 'quality'],
    ],
    [
      ['time_bkjd', 'flux', 'flux_err', 'brightness_sigma'],
      ['time_bkjd', 'flux', 'flux_err', null],
    ],
    [
      ['T', 'FRAW', 'FCOR'],
      ['T', 'FCOR', null, null],
    ],
    [
      ['BJD_TDB', 'Rel. Flux', 'Error'],
      ['BJD_TDB', 'Rel. Flux', 'Error', null],
    ],
    [
      ['time', 'aper_flux', 'corrected_flux', 'error'],
      ['time', 'corrected_flux', null, null],
    ],
    [
      ['time', 'bjd', 'flux', 'mag'],
      ['bjd', 'flux', null, null],
    ],
    [
      ['date', 'flux_norm', 'e_flux_norm'],
      ['date', 'flux_norm', 'e_flux_norm', null],
    ],
    [
      ['t', 'my_special_flux', 'flux_err'],
      ['t', 'my_special_flux', 'flux_err', null],
    ],
  ])('of %j takes %j', (names, expected) => {
    expect(choose(...names)).toEqual(expected);
  });

  it.each([
    [['mag', 'time'], 'magnitudes'],
    [['time', 'TESS_mag', 'err'], 'magnitudes'],
    [['time', 'flux_1', 'flux_2'], 'ambiguous_column'],
    [['flux', 'quality'], 'missing_column'],
    [['time', 'flux_err', 'background_flux'], 'missing_column'],
  ])('refuses %j as %s', (names, code) => {
    const refusal = () => choose(...names);
    expect(refusal).toThrow(UnreadableError);
    try {
      refusal();
    } catch (error) {
      expect((error as UnreadableError).issue.code).toBe(code);
    }
  });

  it('takes the columns that were asked for', () => {
    const columns = ['time', 'TIME2', 'flux', 'sap_flux', 'sap_flux_err'].map((name) => ({
      name,
      unit: null,
    }));
    const chosen = chooseColumns(columns, { timeColumn: 'time2', fluxColumn: 'SAP_FLUX' });
    expect(chosen).toEqual({ time: 1, flux: 3, fluxError: 4, quality: null });
  });
});
