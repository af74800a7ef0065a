#!/usr/bin/env node
/**
 * `npm run demo [-- FILE ...]`: starts everything, searches the files (or a simulated star) for
 * planets through the API, shows what was found, and stops everything. Its exit code is 0 only if
 * the job completed.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { PLANETS, writeDemoCurve } from './demo/curve.mjs';
import { StopRequested, stopRequested } from './platform/signals.mjs';
import { main, setup } from './setup/index.mjs';
import { ROOT } from './setup/root.mjs';

const say = (sentence = '') => process.stdout.write(`${sentence}\n`);

await main(async () => {
  const started = Date.now();
  const given = filesGiven(process.argv.slice(2));
  await setup();
  const signal = stopRequested();
  const { startPlatform } = await import('./platform.mjs');
  let platform = null;
  let failed = true;
  try {
    say('Starting PostgreSQL, RabbitMQ, Redis, an object store, the API and a worker ...');
    platform = await startPlatform({ say, signal });
    say(`Everything runs, at ${platform.url} (${seconds(started)} s).`);
    const files = given.length > 0 ? given : await simulated();
    failed = !(await search(platform.url, files, given.length > 0, signal));
    return failed ? 1 : 0;
  } catch (error) {
    if (!(error instanceof StopRequested) && !signal.aborted) throw error;
    say('Stopped before it was finished.');
    failed = false;
    return 1;
  } finally {
    if (failed && platform) say(`The logs are kept in ${join(platform.dataDir, 'logs')}.`);
    await platform?.stop({ keep: failed });
    say(
      `Everything is stopped again (${seconds(started)} s in all). To keep it running: npm start`,
    );
  }
});

function filesGiven(words) {
  const paths = words.map((word) => resolve(process.env.INIT_CWD ?? process.cwd(), word));
  for (const path of paths) {
    if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
    if (!statSync(path).isFile()) throw new Error(`${path} is not a file.`);
    if (statSync(path).size === 0) throw new Error(`${path} is empty.`);
  }
  return paths;
}

async function simulated() {
  const folder = join(ROOT, '.lightfold', 'demo');
  const files = await writeDemoCurve(folder);
  const periods = PLANETS.map((planet) => `${planet.periodDays} d`).join(' and ');
  say(`Simulated a star with two planets (${periods}) in ${folder}.`);
  return files;
}

/** @returns {Promise<boolean>} whether the job completed */
async function search(url, files, areGiven, signal) {
  const { registerTeam } = await import('./demo/client.mjs');
  const { candidatesTable, progressLine } = await import('./demo/show.mjs');
  const client = await registerTeam(url);

  const datasetId = await client.upload('Demo', files, (name, size) =>
    say(`Uploaded ${name} (${(size / 1024).toFixed(0)} kB).`),
  );
  const validation = await client.untilValidated(datasetId, signal);
  for (const file of validation.files) {
    for (const issue of file.issues) say(`  ${file.filename}: ${issue.severity}: ${issue.message}`);
  }
  if (validation.status !== 'valid') {
    say('The files cannot be searched.');
    return false;
  }
  for (const { filename, summary } of validation.files) {
    if (summary) say(`Read ${filename}: ${summary.mission}, ${summary.points} points.`);
  }

  const searching = Date.now();
  const { job_id: jobId } = await client.run(datasetId);
  const line = progressLine();
  const job = await client.untilFinished(jobId, line.show, signal).finally(line.end);
  if (job.status !== 'completed') {
    say(`The job ${job.status === 'failed' ? 'failed' : 'was cancelled'}: ${job.message}`);
    return false;
  }
  const results = await client.results(jobId);
  say(`\nSearched in ${seconds(searching)} s. ${found(results)}\n`);
  if (results.candidates.length > 0) say(candidatesTable(results.candidates));
  for (const { target, failure } of results.targets) {
    if (failure) say(`${target}: ${failure.message}`);
  }
  await saveFiles(client, jobId, results, outputFolder(files[0], areGiven), signal);
  return true;
}

function found({ candidates }) {
  if (candidates.length === 0) return 'Nothing that repeats was found.';
  return `Found ${candidates.length} candidate${candidates.length > 1 ? 's' : ''}:`;
}

/** Report and plots, beside the light curve. */
async function saveFiles(client, jobId, results, { folder, name }, signal) {
  const report = join(folder, `${name}.report.pdf`);
  writeFileSync(report, await client.report(jobId, signal));
  say(`\nReport: ${report}`);
  const plots = join(folder, `${name}.plots`);
  let saved = 0;
  for (const candidate of results.candidates) {
    for (const plot of Object.keys(candidate.plots)) {
      const bytes = await client.plot(candidate.candidate_id, plot);
      if (!bytes) continue;
      mkdirSync(plots, { recursive: true });
      const target = candidate.target.replace(/[^\w.-]+/g, '_');
      writeFileSync(join(plots, `${target}-${candidate.rank}-${plot}.png`), bytes);
      saved += 1;
    }
  }
  if (saved > 0) say(`Plots:  ${plots} (${saved} files)`);
}

function outputFolder(file, isGiven) {
  const name = isGiven
    ? basename(file)
        .replace(/\.gz$/i, '')
        .replace(/\.[^.]+$/, '')
    : 'simulated-star';
  try {
    accessSync(dirname(file), constants.W_OK);
    return { folder: dirname(file), name };
  } catch {
    return { folder: process.env.INIT_CWD ?? process.cwd(), name };
  }
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1);
}
