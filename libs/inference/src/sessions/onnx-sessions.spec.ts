import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { softmax } from '../../../../test/support/models.js';
import { softmaxGraph } from '../../../../test/support/onnx.js';
import { GraphError, OnnxSessions } from './onnx-sessions.js';
import { inProcess, inThread } from './session-hosts.js';
import type { GraphSignature } from './session-protocol.js';

const WEIGHTS = [
  [1, -1],
  [0.5, 2],
];
const SIGNATURE: GraphSignature = {
  input: 'features',
  features: 2,
  output: 'probabilities',
  outputs: 2,
};
const GRAPH = softmaxGraph({ weights: WEIGHTS, bias: [0, 1], embedding: [[1], [10]] });

describe.each([
  ['a thread', inThread],
  ['a process', inProcess],
])('ONNX graphs in %s', (_, open) => {
  const sessions = new OnnxSessions(open);
  afterAll(() => sessions.close());

  it('gives for each row what the graph says', async () => {
    const graph = await sessions.load(GRAPH, { ...SIGNATURE, embedding: 'embedding' });
    const { output, embedding } = await graph.run(Float32Array.of(1, 0, 0, 1, 2, 2), 3);
    const expected = [softmax([1, 0]), softmax([0.5, 3]), softmax([3, 3])].flat();
    expect([...output]).toEqual(expected.map((p) => expect.closeTo(p, 6)));
    expect([...embedding!]).toEqual([1, 10, 22]);
    await graph.unload();
  });

  it('E.26 keeps graphs apart, and answers each request once', async () => {
    const graphs = await Promise.all(
      [0, 5].map((bias) =>
        sessions.load(softmaxGraph({ weights: WEIGHTS, bias: [bias, 0] }), SIGNATURE),
      ),
    );
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => graphs[i % 2].run(Float32Array.of(0, 0), 1)),
    );
    for (const [i, { output }] of answers.entries()) {
      expect(output[0]).toBeCloseTo(softmax([i % 2 === 0 ? 0 : 5, 0])[0], 6);
    }
  });

  it.each([
    ['bytes that are no graph', Uint8Array.of(1, 2, 3), {}, /./],
    ['another number of features', GRAPH, { features: 3 }, /./],
    ['another number of classes', GRAPH, { outputs: 3 }, /"probabilities" is float32 \(1, 2\)/],
    ['an output that is not there', GRAPH, { output: 'scores' }, /scores/],
    ['an input that is not there', GRAPH, { input: 'x' }, /./],
  ])('refuses %s, and goes on', async (_, bytes, change, message) => {
    const refusal = await sessions
      .load(bytes, { ...SIGNATURE, ...change })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(GraphError);
    expect((refusal as Error).message).toMatch(message);
    const graph = await sessions.load(GRAPH, SIGNATURE);
    expect((await graph.run(Float32Array.of(0, 0), 1)).output).toHaveLength(2);
  });

  it('does not wait for ever for what ended', async () => {
    const own = new OnnxSessions(open);
    const graph = await own.load(GRAPH, SIGNATURE);
    const running = graph.run(new Float32Array(200_000), 100_000).catch((error: unknown) => error);
    await own.close();
    expect(String(await running)).toMatch(/thread or process of the graphs ended/);
    await expect(graph.run(Float32Array.of(0, 0), 1)).rejects.toThrow(/ended/);
    // The next one who asks gets another.
    const again = await own.load(GRAPH, SIGNATURE);
    expect((await again.run(Float32Array.of(0, 0), 1)).output).toHaveLength(2);
    await own.close();
  });
});

it('ends a thread of graphs in whatever moment, and the process lives', async () => {
  for (let round = 0; round < 20; round++) {
    const sessions = new OnnxSessions();
    const loading = sessions.load(GRAPH, SIGNATURE).then(
      (graph) => graph.run(new Float32Array(200_000), 100_000).catch(() => null),
      () => null,
    );
    await sleep(8 * round);
    await sessions.close();
    await loading;
  }
});

it.runIf(process.platform === 'linux')(
  'leaves no process of graphs behind when it is killed',
  async () => {
    const hosts = new URL('./session-hosts.ts', import.meta.url).href;
    const script = `import(${JSON.stringify(hosts)}).then(({ inProcess }) => {
    const { post } = inProcess({ reply: () => console.log('up'), gone() {} });
    post({ id: 1, act: 'unload', graph: 1 }, []);
  })`;
    const parent = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8');
    const own = children.trim().split(' ').map(Number);
    expect(own).toHaveLength(1);
    parent.kill('SIGKILL');
    await expect.poll(() => existsSync(`/proc/${own[0]}`), { timeout: 10_000 }).toBe(false);
  },
);
