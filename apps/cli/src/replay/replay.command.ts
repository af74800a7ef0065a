/**
 * Runs a search again from its provenance and says whether the same came out, to the last digit.
 */
import type { Command } from 'commander';
import { detectionParams, type DetectionParams, fromWire } from '#contracts';
import { RUNTIME, VERSION } from '#platform/config';
import type { FrozenPolicy } from '#platform/policies';
import { chosenClassifier } from '../detect/classifiers.js';
import { readAll, search } from '../detect/detect.command.js';
import { chosenPolicy } from '../detect/policies.js';
import { resultsJson } from '../detect/show.js';
import type { InputFile, TargetInput } from '../detect/targets.js';
import { CommandError, print, say } from '../output.js';
import { readJson } from '../read-json.js';
import { differences } from './differences.js';
import { type StoredTarget, storedTargets } from './stored-targets.js';

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('Search again as a stored result was made, and compare the two')
    .argument('<results>', 'JSON of `detect --json` or of GET /api/v1/results/{job_id}')
    .argument('<file...>', 'the light curves it was made from, in any order, under any name')
    .option(
      '--models <folder>',
      'registry of the models it was made with (MODEL_REGISTRY_PATH, else those that came with it)',
    )
    .option(
      '--policy <file>',
      'the learnt policy that it was decided by: the answer of GET /api/v1/policies/{number}',
    )
    .action(run);
}

/** Differences that are printed of one target; the rest is counted. */
const MOST_SHOWN = 20;

async function run(
  resultsPath: string,
  paths: string[],
  { models, policy }: { models?: string; policy?: string },
): Promise<void> {
  const targets = storedTargets(await readJson(resultsPath), resultsPath);
  const files = await readAll(paths);
  const learnt = await chosenPolicy(policy);
  for (const target of targets) {
    const found = await again(target, files, models, learnt);
    if (found.length === 0) {
      print(`${target.target}: the same`);
      continue;
    }
    process.exitCode = 1;
    print(`${target.target}: ${found.length} difference(s)`);
    for (const line of found.slice(0, MOST_SHOWN)) print(`  ${line}`);
    if (found.length > MOST_SHOWN) print(`  and ${found.length - MOST_SHOWN} more`);
  }
}

async function again(
  { target, provenance, stored, fitters }: StoredTarget,
  files: readonly InputFile[],
  folder: string | undefined,
  learnt: FrozenPolicy | null,
) {
  if (provenance.code_version !== VERSION) {
    say(`${target}: made by Lightfold ${provenance.code_version}; this is ${VERSION}`);
  }
  if (provenance.runtime !== undefined && provenance.runtime !== RUNTIME) {
    say(`${target}: made on ${provenance.runtime}; this is ${RUNTIME}: last digits may differ`);
  }
  const foreign = fitters.filter((name) => name !== 'local');
  if (foreign.length > 0) {
    say(`${target}: fitted by ${foreign.join(', ')}; here the fit is local`);
  }
  const params = detectionParams.safeParse(provenance.params);
  if (!params.success) {
    throw new CommandError(`${target}: its parameters are not those of this version`);
  }
  const input = inputOf(target, provenance.inputs, files);
  const wanted = fromWire(detectionParams, params.data) as DetectionParams;
  const used = provenance.models.map(({ name, version }) => [name, version] as const);
  // A search that found nothing asked nobody.
  const asked = used.length > 0 || provenance.classifier === 'none' ? folder : false;
  const classifier = await chosenClassifier(asked, Object.fromEntries(used));
  const policy = policyOf(target, provenance.policy, learnt);
  const detected = await search(input, wanted, { classifier, policy });
  const now = JSON.parse(JSON.stringify(resultsJson([detected]))) as unknown;
  return differences(stored, storedTargets(now, 'the replay')[0].stored);
}

/** The policy that decided; null: thresholds, whatever was given for other targets. */
function policyOf(
  target: string,
  used: StoredTarget['provenance']['policy'],
  learnt: FrozenPolicy | null,
): FrozenPolicy | null {
  if (!used?.sha256) return null;
  if (learnt?.sha256 === used.sha256) return learnt;
  const given = learnt ? `; the file given is ${learnt.policy.name}, ${learnt.sha256}` : '';
  throw new CommandError(
    `${target}: was decided by ${used.name}, SHA-256 ${used.sha256}${given}. --policy names a file with it`,
  );
}

/** The files that the result was made from, known by their bytes. */
function inputOf(
  target: string,
  inputs: readonly { filename: string; sha256: string }[],
  files: readonly InputFile[],
): TargetInput {
  const segments = inputs.map(({ filename, sha256 }) => {
    const segment = files.find(({ report }) => report.sha256 === sha256)?.report.segment;
    if (!segment) {
      throw new CommandError(`${target}: no file given is ${filename}, SHA-256 ${sha256}`);
    }
    return { ...segment, target };
  });
  return { target, segments, files: inputs };
}
