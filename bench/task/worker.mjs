/**
 * Run by task/run.mjs: does whole tasks as the worker's threads do them, with the functions of their
 * entry files and default settings, and prints what each stage of each task cost in CPU time (of the
 * whole process: compiling, collecting garbage and talking to the object store included).
 */
import { performance } from 'node:perf_hooks';
import { MessageChannel } from 'node:worker_threads';
import { detectionParams, fromWire } from '#contracts';
import { candidateModels, FolderRegistry } from '#inference';
import { BUNDLED_MODELS } from '#platform/config';
import { ObjectStore } from '#platform/storage';
import { cpuNow, StageMeter } from './stage-meter.mjs';

const { spareMemory } = await import(
  new URL('../../dist/apps/worker/src/sparing-process.js', import.meta.url).href
);
spareMemory();

const { store: options, star, tasks, warmUp } = JSON.parse(process.argv[2]);
const threads = new URL('../../dist/apps/worker/src/threads/', import.meta.url);
const { StoreService } = await import(new URL('../tasks/store-service.js', threads).href);
const store = new ObjectStore(options);
const started = performance.now();
const [validation, detection, report] = await Promise.all(
  ['validation', 'detection', 'report'].map(
    async (name) => (await import(new URL(`${name}.thread.js`, threads).href)).default,
  ),
);
const loadSeconds = (performance.now() - started) / 1000;
const loadCpuSeconds = cpuNow();
/** As the settings have them where nothing is set. */
const limits = { maxBytes: 5 * 1024 ** 3, maxDecompressedBytes: 2 * 1024 ** 3, maxRows: 20e6 };
const params = detectionParams.parse({});
const registry = await new FolderRegistry(BUNDLED_MODELS).list();

const measured = [];
for (let number = -warmUp; number < tasks; number++) {
  const files = star.uploads[(number + warmUp) % star.uploads.length];
  const task = await wholeTask(files, `results/${star.name}/${number + warmUp}`);
  measured.push(task);
}
store.close();
const memory = process.resourceUsage().maxRSS;
process.stdout.write(
  `${JSON.stringify({ loadSeconds, loadCpuSeconds, tasks: measured, peakMib: memory / 1024 })}\n`,
);

/** Validates the files, searches the target, writes the report of the job. */
async function wholeTask(files, folder) {
  const wall = performance.now();
  const meter = new StageMeter();
  meter.enter('validate');
  const verdicts = [];
  for (const file of files) {
    const input = { limits, file: { ...file, kind: 'light_curve' } };
    verdicts.push(await call(validation, input, () => {}));
  }
  const bad = verdicts.find(({ status }) => status !== 'valid');
  if (bad) throw new Error(`A simulated file is not valid: ${JSON.stringify(bad.issues)}`);
  meter.enter('classify');
  const models = await candidateModels(registry); // each task loads and checks them
  meter.enter('read');
  const found = await call(
    detection,
    {
      files: files.map((file, i) => ({ ...file, sha256: verdicts[i].sha256 })),
      target: verdicts[0].target,
      jobId: '00000000-0000-4000-8000-000000000000',
      params,
      search: fromWire(detectionParams, params),
      folder,
      codeVersion: 'bench',
      runtime: 'bench',
      fitters: { first: 'local', timeoutSeconds: 30 },
      models,
      policy: null,
      mapSeconds: 600,
      splitSeconds: null, // alone, as every search of these lengths is
      limits,
    },
    (note) => meter.note(note),
  );
  meter.enter('job report');
  const summary = {
    jobId: '00000000-0000-4000-8000-000000000000',
    dataset: star.name,
    createdAt: '2026-01-01T00:00:00.000Z',
    codeVersion: 'bench',
    targets: { total: 1, completed: 1, failed: 0 },
    candidates: found.candidates.map(({ record }) => ({
      ...record,
      target: found.summary.target,
      action: record.rlAction,
    })),
  };
  const input = { summary, modelKeys: [found.reportModelKey] };
  await call(report, { ...input, key: `${folder}/report-job.pdf` }, () => {});
  const cpuSeconds = meter.end();
  await forget(found, folder);
  return {
    seconds: (performance.now() - wall) / 1000,
    cpuSeconds,
    stages: meter.stages,
    candidates: found.candidates.map(({ record }) => ({
      periodDays: record.periodDays,
      action: record.rlAction,
      snr: record.snr,
    })),
  };
}

/** The store is served as it is by the main thread of a worker, here in the same thread. */
async function call(thread, input, onNote) {
  const answers = new MessageChannel();
  const service = new StoreService(store, (answer, transfer) =>
    answers.port1.postMessage(answer, transfer),
  );
  const port = {
    postMessage: (note) => (note.type === 'store' ? service.take(note.request) : onNote(note)),
    close() {},
  };
  try {
    const answer = await thread({ input, port, answers: answers.port2 });
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.output;
  } finally {
    await service.end();
    answers.port1.close();
  }
}

async function forget({ candidates, reportKey, reportModelKey }, folder) {
  const plots = candidates.flatMap(({ plots }) => Object.values(plots));
  await store.delete([
    ...plots.flatMap((key) => [`${key}.svg`, `${key}.png`]),
    reportKey,
    reportModelKey,
    `${folder}/report-job.pdf`,
  ]);
}
