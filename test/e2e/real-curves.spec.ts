/**
 * Every real star that we have, in one dataset, through the API, the object store, the broker and
 * the worker, with the parameters that nobody has tuned.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../scripts/platform.mjs';
import { startTestPlatform } from '../support/platform.js';
import { foundTeam, type Json, type Team } from './client.js';
import { phaseDistanceDays } from './ephemeris.js';
import { filesOf, type KnownSignal, missingData, realData, realTargets } from './real-data.js';

const PATIENCE_SECONDS = 1200;

if (!realData) process.stderr.write(`Real curves are skipped: ${missingData}.\n`);

describe.skipIf(!realData)('real light curves', () => {
  const targets = realData ? realTargets() : [];
  let platform: Platform;
  let candidates: Json[];
  let searched: Json[];

  beforeAll(
    async () => {
      platform = await startTestPlatform();
      const team = await foundTeam(platform.url);
      const files = targets.flatMap(filesOf);
      const began = Date.now();
      const datasetId = await team.validDataset('Real stars', files, 300);
      const validated = Date.now();
      const jobId = await team.run(datasetId);
      const secondsOf = stopwatch(team, jobId);
      await team.completed(jobId, PATIENCE_SECONDS);
      const finished = Date.now();
      ({ candidates, targets: searched } = await team.results(jobId));
      const total = `${files.length} files of ${targets.length} stars: uploaded and validated in ${seconds(validated - began)} s, searched in ${seconds(finished - validated)} s`;
      process.stdout.write(`${table(await secondsOf)}\n\n${total}\n`);
    },
    (PATIENCE_SECONDS + 400) * 1000,
  );

  afterAll(() => platform?.stop());

  const of = (target: string) => candidates.filter((each) => each.target === target);

  const isAt = (signal: KnownSignal) => (each: Json) =>
    Math.abs(each.period_days / signal.periodDays - 1) < 0.01;

  const obvious = targets
    .filter(({ isEasy }) => isEasy)
    .flatMap(({ target, signals }) =>
      signals.filter(({ isObvious }) => isObvious).map((signal) => ({ target, ...signal })),
    );

  it('B.11, C.10 searches every star that was uploaded, whatever its files', () => {
    const names = searched.map(({ target }) => target);
    expect(names.sort()).toEqual(targets.map(({ target }) => target).sort());
    expect(searched.map(({ status }) => status)).toEqual(searched.map(() => 'completed'));
  });

  it.each(obvious)('B.46 finds $name at its period and epoch', (signal) => {
    const found = of(signal.target).find(isAt(signal));
    expect(found, `no candidate at ${signal.periodDays} d`).toBeDefined();
    const offDays = phaseDistanceDays(found.t0_bjd, signal.firstTransitBjd!, signal.periodDays);
    expect(offDays * 24).toBeLessThan(signal.durationHours! / 2);
    expect(found.rl_action, found.reasons.join(' ')).not.toBe('reject');
  });

  const impostors = targets.filter(({ label }) => label !== 'planet');

  it.each(impostors)('B.17 accepts nothing of $target ($label)', ({ target }) => {
    const accepted = of(target).filter((each) => each.rl_action === 'accept');
    expect(accepted.map((each) => `${each.period_days} d: ${each.reasons[0]}`)).toEqual([]);
  });

  function table(secondsOf: ReadonlyMap<string, number>): string {
    const rows = targets.map(({ target, label, signals }) => {
      const [first] = of(target);
      return [
        target.slice(0, 34),
        label,
        signals.map(({ periodDays }) => periodDays.toFixed(3)).join(' ') || '-',
        of(target).map(verdict).join(' ') || '-',
        (first?.reasons[0] ?? '-').slice(0, 90),
        secondsOf.get(target)?.toFixed(1) ?? '?',
      ];
    });
    const head = ['target', 'label', 'known (d)', 'found (d): verdict', 'first reason', 'seconds'];
    return ['', head, head.map(() => '---'), ...rows]
      .map((row) => (row === '' ? '' : `| ${(row as string[]).join(' | ')} |`))
      .join('\n');
  }
});

const verdict = (each: Json) => `${each.period_days?.toFixed(3) ?? 'single'}: ${each.rl_action};`;
const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** Looks at the tasks of a job until they have ended; how long each was seen under way. */
async function stopwatch(team: Team, jobId: string): Promise<Map<string, number>> {
  const began = new Map<string, number>();
  const lasted = new Map<string, number>();
  for (;;) {
    const { items } = await team.get(`/api/v1/jobs/${jobId}/tasks?limit=200`);
    const now = Date.now();
    for (const { target, status } of items) {
      if (status === 'queued') {
        began.delete(target); // not begun yet, or handed back by a worker that was full
        continue;
      }
      if (!began.has(target)) began.set(target, now);
      if (status !== 'running' && !lasted.has(target)) {
        lasted.set(target, (now - began.get(target)!) / 1000);
      }
    }
    if (lasted.size === items.length) return lasted;
    await sleep(500);
  }
}
