import { basename } from 'node:path';
import type { Provenance } from '#contracts';
import type { Segment, TargetResult } from '#transit';
import type { ReadResult } from '#transit/io';

export interface InputFile {
  readonly path: string;
  readonly report: ReadResult;
}

export interface TargetInput {
  readonly target: string;
  readonly segments: readonly Segment[];
  readonly files: readonly { readonly filename: string; readonly sha256: string }[];
}

/** What one target came to, with all that is needed to show it again. */
export interface Detected {
  readonly input: TargetInput;
  readonly result: TargetResult;
  readonly provenance: Provenance;
}

/**
 * Files of one target are stitched: the header names it, else the file's own name does. The segments
 * carry the name of their group, as in a job.
 */
export function groupByTarget(files: readonly InputFile[], only?: string): TargetInput[] {
  const groups = new Map<string, { segments: Segment[]; files: TargetInput['files'][number][] }>();
  for (const { path, report } of files) {
    if (!report.segment) continue;
    const filename = basename(path);
    const target =
      only ??
      report.segment.target ??
      filename.replace(/(\.(fits|csv|tsv|ecsv|txt|dat|gz))+$/i, '');
    const group = groups.get(target) ?? { segments: [], files: [] };
    group.segments.push({ ...report.segment, target });
    group.files.push({ filename, sha256: report.sha256 ?? '' });
    groups.set(target, group);
  }
  return [...groups].map(([target, group]) => ({ target, ...group }));
}
