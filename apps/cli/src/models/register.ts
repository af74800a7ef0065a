import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  assembleVersion,
  checkVersion,
  openVersion,
  plainVersion,
  withOwnRunner,
} from '#inference';
import { CommandError, print, UsageError } from '../output.js';
import { currentUser, withRegistry } from './open-registry.js';
import type { RegistryOptions } from './options.js';

interface RegisterOptions extends RegistryOptions {
  readonly name?: string;
  readonly version?: string;
  readonly modelFile?: string;
  readonly metadata?: string;
  readonly preprocessing?: string;
  readonly golden?: string;
  readonly note: string;
}

export async function register(
  folder: string | undefined,
  options: RegisterOptions,
): Promise<void> {
  const draft = await mkdtemp(join(tmpdir(), 'lightfold-model-'));
  try {
    await withRegistry(options, async (registry) => {
      const source = folder ?? (await assemble(options, draft));
      const version = await openVersion(source, source);
      refuseOtherName(version.metadata, options);
      await withOwnRunner((runner) => checkVersion(version, runner));
      const { reference } = await registry.register(source, currentUser(), options.note);
      print(`${reference} is registered, and latest`);
    });
  } finally {
    await rm(draft, { recursive: true });
  }
}

/** The version's folder, made of the files that the options name. */
async function assemble(options: RegisterOptions, draft: string): Promise<string> {
  const { modelFile, metadata, preprocessing, golden, name, version } = options;
  if (!modelFile || !metadata || !preprocessing || !golden) {
    throw new UsageError(
      'register needs a folder, or --model-file, --metadata, --preprocessing and --golden',
    );
  }
  const files = {
    model: await read(modelFile),
    metadata: await read(metadata),
    preprocessing: await read(preprocessing),
    golden: await read(golden),
  };
  await assembleVersion(files, { name, version: version && plainVersion(version) }, draft);
  return draft;
}

/** A folder says itself what it is; options that say otherwise are a mistake. */
function refuseOtherName(
  metadata: { readonly name: string; readonly version: string },
  options: RegisterOptions,
): void {
  for (const field of ['name', 'version'] as const) {
    const wanted =
      field === 'version' ? options.version && plainVersion(options.version) : options.name;
    if (wanted !== undefined && wanted !== metadata[field]) {
      throw new UsageError(`--${field} is ${wanted}, but the metadata say ${metadata[field]}`);
    }
  }
}

const read = (path: string) =>
  readFile(path).catch((cause: unknown) => {
    throw new CommandError(`${path}: cannot be read`, { cause });
  });
