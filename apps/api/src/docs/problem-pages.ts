import { Injectable } from '@nestjs/common';
import { readdir, readFile } from 'node:fs/promises';
import { ROOT_FOLDER } from './root-folder.js';

export const PROBLEMS_FOLDER = new URL('docs/problems/', ROOT_FOLDER);

/** docs/problems, read once: what each `type` of a problem document leads to. */
@Injectable()
export class ProblemPages {
  private pages: Promise<ReadonlyMap<string, string>> | undefined;

  async find(slug: string): Promise<string | null> {
    return (await this.all()).get(slug) ?? null;
  }

  async list(): Promise<{ slug: string; title: string }[]> {
    return [...(await this.all())].map(([slug, markdown]) => ({
      slug,
      title: markdown.slice(2, markdown.indexOf('\n')),
    }));
  }

  private all(): Promise<ReadonlyMap<string, string>> {
    return (this.pages ??= readPages());
  }
}

async function readPages(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(PROBLEMS_FOLDER)).filter((name) => name.endsWith('.md')).sort();
  return new Map(
    await Promise.all(
      files.map(
        async (name) =>
          [name.slice(0, -3), await readFile(new URL(name, PROBLEMS_FOLDER), 'utf8')] as const,
      ),
    ),
  );
}
