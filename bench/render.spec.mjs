import { describe, expect, it } from 'vitest';
import { compare } from './recall/compare.mjs';
import { checkPage, renderPage } from './render.mjs';
import { workloadNamed } from './workloads/workloads.mjs';

/** Ten planets of 10 d and SNR 7 among ten nulls: found where the method says so. */
function methodThatFinds(count) {
  return {
    title: `Finds ${count}`,
    seconds: 1,
    nulls: Array.from({ length: 10 }, () => ({ statistic: 5, periodDays: 3 })),
    injected: Array.from({ length: 10 }, (_, i) =>
      i < count ? { statistic: 8, periodDays: 10 } : { statistic: 0, periodDays: null },
    ),
  };
}

describe('docs/benchmarks.md', () => {
  it('is what the committed results say', async () => {
    await expect(checkPage()).resolves.toBeUndefined();
  });

  it('shows the recall of both sides, their ratio, and the planets that only one found', async () => {
    const truth = Array.from({ length: 10 }, () => ({ periodDays: 10, snr: 7 }));
    const answers = { ours: methodThatFinds(9), astropy: methodThatFinds(6) };
    const result = {
      command: 'npm run bench -- recall',
      commit: 'abc1234',
      machine: { cpu: 'A processor', cores: 2, node: '24.0.0' },
      ...compare(workloadNamed('c-white'), answers, truth),
    };
    const page = await renderPage({ 'recall-c-white': result });
    expect(page).toMatch(/Finds 9 +\| 90\.0 ± 9\.5 %/);
    expect(page).toMatch(/Finds 6 +\| 60\.0 ± 15\.5 %/);
    expect(page).toMatch(
      /Against Finds 6 at 1 %: \+30\.0 ± .* points \(1\.50×\); curve by curve \+3 \/ −0/,
    );
    expect(page).toContain(
      '`npm run bench -- recall` at abc1234; A processor, 2 cores, Node 24.0.0.',
    );
  });
});
