/**
 * `npm run bench -- serving`: predictions over HTTP, on the whole platform (api, PostgreSQL, object
 * store), each kept before it is answered.
 *
 *   --rounds N   interleaved rounds of each setup. Default 5
 *
 * The api is held to one core, the clients to another. Two apis run beside each other: one gathers
 * rows of different requests, the other runs each by itself.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { parseArgs, promisify } from 'node:util';
import { registerTeam } from '../../scripts/demo/client.mjs';
import { startPlatform } from '../../scripts/platform.mjs';
import { writeResult } from '../results.mjs';
import { median, ratioOfRounds } from '../statistics.mjs';
import { showServing } from './tables.mjs';

const SINGLES = 300;
const BATCHES = 60;
const BATCH = 100;
const CLIENTS = 64;
const CROWD_SECONDS = 5;
const WARM_UP = 300;
const BATCH_WARM_UP_SECONDS = 2;
const SETUPS = { gathered: '64', alone: '1' };
const MODELS = [
  { name: 'koi-forest', what: 'period, radius, their errors, source', of: brief },
  { name: 'transit-cnn', what: '784 numbers', of: views },
];

export async function serving(words, say) {
  const { values } = parseArgs({
    args: words,
    options: { rounds: { type: 'string', default: '5' } },
  });
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds >= 1)) {
    throw new RangeError(`--rounds must be a whole number from 1, not ${values.rounds}`);
  }
  const platform = await startPlatform({
    workers: 0,
    durable: true,
    ownServersOnly: true,
    env: { RATE_LIMIT_PER_MINUTE: '1000000', LOG_LEVEL: 'warn' },
  });
  try {
    const apis = {};
    for (const [name, rows] of Object.entries(SETUPS)) {
      apis[name] = await platform.addApi({ PREDICT_BATCH_ROWS: rows });
    }
    const { headers } = await registerTeam(platform.url);
    const isPinned = await pinned(apis);
    const models = [];
    for (const model of MODELS) models.push(await measure(model, apis, headers, rounds, say));
    const result = { rounds, clients: CLIENTS, batch: BATCH, isPinned, models };
    process.stdout.write(`${showServing(result)}\n`);
    await writeResult('serving', result);
  } finally {
    await platform.stop();
  }
}

async function measure(model, apis, headers, rounds, say) {
  const clients = Object.fromEntries(
    Object.entries(apis).map(([name, { port }]) => [name, new Client(port, headers)]),
  );
  const ask = (client) => client.post('/api/v1/predict', model.of(model.name));
  const many = model.of(model.name, BATCH);
  const askMany = () => clients.gathered.post('/api/v1/predict/batch', many);
  for (const client of Object.values(clients)) {
    for (let i = 0; i < WARM_UP; i++) await ask(client);
  }
  // Compiled for good only after hundreds of batches; of those that take long not so many are needed.
  const until = performance.now() + 1000 * BATCH_WARM_UP_SECONDS;
  while (performance.now() < until) await askMany();
  const one = [];
  const batch = [];
  const crowds = { gathered: [], alone: [] };
  for (let round = 0; round < rounds; round++) {
    one.push(median(await times(SINGLES, () => ask(clients.gathered))));
    batch.push(median(await times(BATCHES, askMany)));
    for (const name of Object.keys(crowds)) {
      crowds[name].push(await crowd(() => ask(clients[name])));
    }
    say(
      `${model.name}, round ${round + 1}: one ${ms(one.at(-1))}, ${BATCH} together ${ms(batch.at(-1))}, ${CLIENTS} clients ${crowds.gathered.at(-1).toFixed(0)} a second, ${crowds.alone.at(-1).toFixed(0)} one by one`,
    );
  }
  Object.values(clients).forEach((client) => client.close());
  return {
    name: model.name,
    what: model.what,
    oneSeconds: median(one),
    batchSeconds: median(batch),
    batchRatio: ratioOfRounds(batch, one),
    gatheredPerSecond: median(crowds.gathered),
    alonePerSecond: median(crowds.alone),
    throughputRatio: ratioOfRounds(crowds.gathered, crowds.alone),
  };
}

const ms = (seconds) => `${(1000 * seconds).toFixed(2)} ms`;

async function times(count, work) {
  const seconds = [];
  for (let i = 0; i < count; i++) {
    const startedMs = performance.now();
    await work();
    seconds.push((performance.now() - startedMs) / 1000);
  }
  return seconds;
}

/** Answers a second to so many clients, each of which asks again as soon as it is answered. */
async function crowd(work) {
  const startedMs = performance.now();
  const isOver = () => performance.now() - startedMs > 1000 * CROWD_SECONDS;
  let answered = 0;
  const client = async () => {
    while (!isOver()) {
      await work();
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return answered / ((performance.now() - startedMs) / 1000);
}

class Client {
  agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

  constructor(port, headers) {
    this.port = port;
    this.headers = headers;
  }

  /** @throws {Error} where the answer is not 200: how fast a refusal is, is of no interest */
  post(path, body) {
    const text = JSON.stringify(body);
    const headers = {
      ...this.headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const options = { port: this.port, host: '127.0.0.1', path, method: 'POST', headers };
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, agent: this.agent }, (answer) => {
        let size = 0;
        let start = '';
        answer.on('data', (chunk) => {
          size += chunk.length;
          if (start.length < 500) start += chunk;
        });
        answer.on('end', () =>
          answer.statusCode === 200
            ? resolve(size)
            : reject(new Error(`${path} answered ${answer.statusCode}: ${start.slice(0, 500)}`)),
        );
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }

  close() {
    this.agent.destroy();
  }
}

/** The apis on the second core, this process on the first; false where the system cannot. */
async function pinned(apis) {
  const pin = (core, pid) => promisify(execFile)('taskset', ['-acp', core, String(pid)]);
  try {
    await pin('0', process.pid);
    for (const { pid } of Object.values(apis)) await pin('1', pid);
    return true;
  } catch {
    return false;
  }
}

/** Inputs that no cache could know: period and radius differ from call to call. */
let calls = 0;
function brief(model, count) {
  const row = () => {
    calls += 1;
    const period = 1 + (calls % 997) / 10;
    return {
      period,
      radius: 1 + (calls % 89) / 10,
      period_err: 1e-4,
      radius_err: 0.2,
      source: 'KEPLER',
    };
  };
  return count
    ? { model, predictions: Array.from({ length: count }, row) }
    : { model, inputs: row() };
}

/** The golden inputs of the network, each a little deeper than the one before. */
const GOLDEN = JSON.parse(
  readFileSync(new URL('../../models/transit-cnn/v1.0.0/views.golden.json', import.meta.url)),
).samples.map(({ input }) => input);
function views(model, count) {
  const row = () => {
    calls += 1;
    const depth = 1 + (calls % 101) / 1000;
    return GOLDEN[calls % GOLDEN.length].map((value) => Number((depth * value).toFixed(4)));
  };
  return count
    ? { model, samples: Array.from({ length: count }, row) }
    : { model, features: row() };
}
