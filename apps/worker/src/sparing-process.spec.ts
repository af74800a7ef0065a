import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../../test/support/sparing.mjs', import.meta.url));
const INHERITED = { ...process.env };
delete INHERITED.NODE_OPTIONS;

interface Told {
  readonly pids: readonly number[];
  readonly flags: readonly string[];
  readonly words: readonly string[];
  readonly arenas: string;
  readonly threshold: string;
}
const start = (words: readonly string[], env: Record<string, string> = {}): Told => {
  const output = execFileSync(process.execPath, [...words], {
    encoding: 'utf8',
    env: { ...INHERITED, ...env },
  });
  const lines = output.trim().split('\n');
  return {
    ...(JSON.parse(lines.at(-1)!) as Omit<Told, 'pids'>),
    pids: lines.map((line) => (JSON.parse(line) as { pid: number }).pid),
  };
};

it('starts itself again as the same process, once, with its words', () => {
  const { pids, flags, words, arenas } = start(['--no-warnings', SCRIPT, 'one', 'two']);
  expect(pids).toHaveLength(3); // before, again before, after
  expect(new Set(pids).size).toBe(1);
  expect(flags).toEqual([
    expect.stringMatching(/^--max-semi-space-size=\d+$/),
    '--expose-gc',
    '--no-warnings',
  ]);
  expect(words).toEqual(['one', 'two']);
  expect(Number(arenas)).toBeGreaterThan(0);
});

it('leaves what an operator has chosen', () => {
  const { flags, arenas, threshold } = start([SCRIPT], {
    MALLOC_ARENA_MAX: '7',
    NODE_OPTIONS: '--max-semi-space-size=16',
  });
  expect(flags).toEqual(['--expose-gc']);
  expect(arenas).toBe('7');
  expect(Number(threshold)).toBeGreaterThan(0);
});
