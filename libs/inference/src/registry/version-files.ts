/** A version of a model, read from wherever its files lie; nothing is believed but its checksums. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  goldenInputs,
  type GoldenInputs,
  type InputSchema,
  type ModelFile,
  type ModelMetadata,
  modelMetadata,
  preprocessing,
  type Preprocessing,
} from '#contracts';
import { InvalidVersionError } from './registry.errors.js';

/** Reads a file of a version whole; `null` where there is none. */
export type ReadFile = (file: string) => Promise<Uint8Array<ArrayBuffer> | null>;

export const METADATA_FILE = 'metadata.json';

export const referenceOf = ({ name, version }: Pick<ModelMetadata, 'name' | 'version'>) =>
  `${name}@${version}`;

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export class VersionFiles {
  /** What was read and understood, by its file. */
  private readonly known = new Map<string, Promise<unknown>>();

  /** @param id what tells it from all other versions, also from those of other teams' models */
  constructor(
    readonly metadata: ModelMetadata,
    private readonly readFile: ReadFile,
    private readonly id: string = referenceOf(metadata),
  ) {}

  get reference(): string {
    return referenceOf(this.metadata);
  }

  /**
   * What its graph is known by in memory. Another version may have the same graph; but its file may
   * be damaged, or its metadata may say other things of it, and that is its own affair.
   */
  graphKey({ name, model }: InputSchema): string {
    return `${this.id}/${name}/${model.sha256}`;
  }

  /** @throws {InvalidVersionError} where the file is missing or another than it was */
  async read(file: ModelFile): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.readFile(file.file);
    if (!bytes) throw new InvalidVersionError(this.reference, [`${file.file} is missing.`]);
    if (bytes.length !== file.size_bytes || sha256Of(bytes) !== file.sha256) {
      throw new InvalidVersionError(this.reference, [
        `${file.file} is not the file that was registered: ${bytes.length} bytes with SHA-256 ${sha256Of(bytes)}, not ${file.size_bytes} with ${file.sha256}.`,
      ]);
    }
    return bytes;
  }

  /** @throws {InvalidVersionError} as `read`, or where the file is no preprocessing */
  async preprocessingOf(schema: InputSchema): Promise<Preprocessing> {
    return this.parsed(preprocessing, schema.preprocessing);
  }

  /** @throws {InvalidVersionError} as `read`, or where the file holds no golden inputs */
  async goldenOf(schema: InputSchema): Promise<GoldenInputs> {
    return this.parsed(goldenInputs, schema.golden);
  }

  private parsed<S extends z.ZodType>(schema: S, file: ModelFile): Promise<z.output<S>> {
    const known = this.known.get(file.file) as Promise<z.output<S>> | undefined;
    if (known) return known;
    const parsed = this.read(file).then((bytes) =>
      parseJson(schema, bytes, this.reference, file.file),
    );
    this.known.set(file.file, parsed);
    // What was damaged or away may be mended.
    parsed.catch(() => this.known.delete(file.file));
    return parsed;
  }
}

/** @throws {InvalidVersionError} where the bytes are no metadata; `reference` names them */
export function parseMetadata(bytes: Uint8Array, reference: string): ModelMetadata {
  return parseJson(modelMetadata, bytes, reference, METADATA_FILE);
}

/** @throws {InvalidVersionError} with every fault by its place */
export function parseJson<S extends z.ZodType>(
  schema: S,
  bytes: Uint8Array,
  reference: string,
  file: string,
): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new InvalidVersionError(reference, [`${file} is not JSON.`], { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${file}, /${path.map(String).join('/')}: ${message}.`,
  );
  throw new InvalidVersionError(reference, faults);
}
