/**
 * The targets in milliseconds belong to a machine, and machines of the same name differ threefold
 * from day to day. So each step is set against its peer of the same run, and the peer against what
 * it took on the machine of the targets.
 */
import { median } from '../statistics.mjs';

/**
 * CPU seconds of the peers there: two cores of an AMD EPYC, of which astropy's search of four years
 * takes 191 / 4 = 48 s a round. Where the targets were set it took 52.5 s. wotan is the one of
 * peers/requirements.txt.
 */
const SECTOR = { search: 0.604, detrend: 0.0196, fit: 0.0583, plots: 1.56, report: 0.134 };
export const PEERS_THERE = {
  tess: { read: 0.00324, ...SECTOR },
  'tess-csv': { read: 0.00981, ...SECTOR },
  kepler: { read: 0.0325, search: 191, detrend: 0.0919, fit: 0.349, plots: 1.73, report: 0.158 },
};

/**
 * What the whole task would take on the machine of the targets, from CPU seconds by step. A step
 * without a peer counts as the median of those with one; so does what lies between the steps.
 *
 * @param {{ cpuSeconds: number, stages: object, peers: object }} result
 * @param {object} there CPU seconds of the same peers on the machine of the targets
 * @returns {{ cpuSeconds: number, least: number, most: number }} the task there, and how many times
 *   longer the peers take here, at least and at most
 */
export function onTheMachineOfTheTargets({ cpuSeconds, stages, peers }, there) {
  const names = Object.keys(there);
  const slower = Object.fromEntries(names.map((name) => [name, peers[name] / there[name]]));
  const all = Object.values(slower);
  if (!all.every((value) => value > 0)) {
    throw new RangeError(`peers must have CPU seconds of ${names.join(', ')}`);
  }
  const usual = median(all);
  const steps = Object.entries(stages);
  const here = steps.reduce((sum, [, seconds]) => sum + seconds, 0);
  const scaled = steps.reduce((sum, [name, seconds]) => sum + seconds / (slower[name] ?? usual), 0);
  return {
    cpuSeconds: scaled + (cpuSeconds - here) / usual,
    least: Math.min(...all),
    most: Math.max(...all),
  };
}
