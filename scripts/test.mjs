#!/usr/bin/env node
/**
 * `npm test [-- PART ... FILE ...]`: types, lint, arrows, format, and the tests of unit, server and
 * system on real servers. It ends with what failed, and the sum: `N passed, N failed`.
 */
import { obtainChromium } from './setup/chromium.mjs';
import { main, setup } from './setup/index.mjs';
import { CHECKS, PROJECTS, endParts, runCheck, runProject } from './test/parts.mjs';

await main(async () => {
  const words = process.argv.slice(2);
  const isPart = (word) => CHECKS.includes(word) || PROJECTS.includes(word);
  const filters = words.filter((word) => !isPart(word));
  const named = words.filter(isPart);
  const isWanted = (part) =>
    named.length > 0 ? named.includes(part) : filters.length === 0 || PROJECTS.includes(part);

  await setup({ built: isWanted('server') || isWanted('system') });
  const started = Date.now();
  const outcomes = [];
  const needsServers = isWanted('server') || isWanted('system');
  const needsBrowser = isWanted('system');
  let services = null;

  const stop = async () => {
    endParts();
    await services?.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => void stop().finally(() => process.exit(1)));
  }

  const note = (outcome) => {
    outcomes.push(outcome);
    const failed = outcome.failures.length;
    if (failed > 0) process.stdout.write(`${outcome.output}\n`);
    const verdict = failed === 0 ? 'passed' : `${failed} failed`;
    say(`${outcome.name}: ${verdict} (${seconds(outcome.started)} s)`);
  };
  const timed = async (work) => {
    const started = Date.now();
    return { started, ...(await work()) };
  };

  try {
    const checks = CHECKS.filter(isWanted);
    while (checks.length > 0) {
      const pair = checks.splice(0, 2).map((name) => timed(() => runCheck(name)));
      (await Promise.all(pair)).forEach(note);
    }
    if (isWanted('unit')) note(await timed(() => runProject('unit', filters, {})));
    if (needsServers) {
      const env = needsBrowser ? { CHROMIUM_PATH: await obtainChromium(say) } : {};
      const { startServices } = await import('./services/index.mjs');
      services = await startServices({ dataDir: null, durable: false, say });
      for (const project of ['server', 'system'].filter(isWanted)) {
        note(await timed(() => runProject(project, filters, { ...env, ...services.env })));
      }
    }
  } catch (error) {
    say(error.message);
    outcomes.push({ passed: 0, skipped: 0, failures: [error.message] });
  } finally {
    await services?.stop();
  }

  const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  say(`All of it took ${seconds(started)} s.`);
  for (const failure of failures) say(`Failed: ${failure}`);
  say(`${sum('passed')} passed, ${failures.length} failed${skipped}`);
  return failures.length === 0 && sum('passed') > 0 ? 0 : 1;
});

function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1);
}
