/** The built web page, read once at the start: a handful of files that never change while we run. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface WebFile {
  readonly bytes: Buffer;
  /** null where compression saves nothing. */
  readonly gzipped: Buffer | null;
  readonly mediaType: string;
  readonly etag: string;
  /** Vite puts a hash of the content into the names under `/assets/`. */
  readonly isImmutable: boolean;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const COMPRESSES = /^text\/|json$|svg\+xml$|wasm$/;

export class WebPage {
  private constructor(private readonly files: ReadonlyMap<string, WebFile>) {}

  /** The files below `root`; a page without any where there is no such folder. */
  static async read(root: string): Promise<WebPage> {
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
        throw error;
      },
    );
    const files = new Map<string, WebFile>();
    for (const entry of entries.filter((candidate) => candidate.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const url = path.slice(root.length).split(sep).join('/').replace(/^\/*/, '/');
      files.set(url, await webFile(url, await readFile(path)));
    }
    return new WebPage(files);
  }

  /** By the path of a URL; only what was read is ever found. */
  find(path: string): WebFile | null {
    return this.files.get(path) ?? null;
  }

  /** What every address of the page itself shows; null where the page was not built. */
  get index(): WebFile | null {
    return this.find('/index.html');
  }
}

async function webFile(url: string, bytes: Buffer): Promise<WebFile> {
  const mediaType = MEDIA_TYPES[extname(url)] ?? 'application/octet-stream';
  const gzipped = COMPRESSES.test(mediaType.split(';')[0]) ? await promisify(gzip)(bytes) : null;
  return {
    bytes,
    gzipped: gzipped && gzipped.length < bytes.length ? gzipped : null,
    mediaType,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
    isImmutable: url.startsWith('/assets/'),
  };
}
