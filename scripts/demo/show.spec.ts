import { describe, expect, it } from 'vitest';
import { candidatesTable, progressLine } from './show.mjs';

describe('progress', () => {
  const written = (isTTY: boolean) => {
    const text: string[] = [];
    return { text, line: progressLine({ isTTY, write: (part) => text.push(part) }) };
  };

  it('writes over its line on a terminal', () => {
    const { text, line } = written(true);
    line.show({ progress: 10, stage: 'search', message: 'period 2 of 9' });
    line.show({ progress: 20, stage: 'search', message: 'period 3 of 9' });
    line.end();
    expect(text.every((part) => part.startsWith('\r') || part === '\n')).toBe(true);
    expect(text.at(-1)).toBe('\n');
  });

  it('writes one line a change elsewhere, and never goes back', () => {
    const { text, line } = written(false);
    line.show({ seq: 4, progress: 40, stage: 'search', message: 'searching' });
    line.show({ seq: 4, progress: 40, stage: 'search', message: 'searching' });
    line.show({ seq: 1, progress: 0, stage: 'queued', message: 'an event that comes late' });
    line.show({ seq: 5, progress: 90, stage: 'fit', message: 'fitting' });
    expect(text).toEqual(['   40 %  search: searching\n', '   90 %  fit: fitting\n']);
  });
});

it('shows a single event, whose period is unknown, in its table', () => {
  const candidate = {
    rank: 1,
    target: 'KIC 1',
    period_days: null,
    t0_bjd: 2455000.12361,
    depth_ppm: 812.4,
    duration_hours: 3.219,
    snr: 15.62,
    probability: 0.913,
    rl_action: 'human_review',
  };
  const [titles, rule, row] = candidatesTable([candidate]).split('\n');
  expect(titles).toMatch(/target +period \(d\) +first transit \(BJD\) +depth \(ppm\)/);
  expect(rule).toMatch(/^[─ ]+$/);
  expect(row).toMatch(/1 +KIC 1 +single +2455000\.1236 +812 +3\.22 +15\.6 +0\.91 +human review$/);
});
