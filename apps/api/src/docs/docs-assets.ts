import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ROOT_FOLDER } from './root-folder.js';

/** The document as it is committed; a test keeps it to what the routes are. */
export const OPENAPI_FILE = new URL('docs/openapi.json', ROOT_FOLDER);

const require = createRequire(import.meta.url);
const swagger = createRequire(require.resolve('@nestjs/swagger'));

/** Scripts and styles of the two readers, from their npm packages: nothing comes from a CDN. */
const ASSETS: Readonly<Record<string, () => string>> = {
  'swagger-ui.css': () => swagger.resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui-bundle.js': () => swagger.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'redoc.standalone.js': () => require.resolve('redoc/bundles/redoc.standalone.js'),
};

@Injectable()
export class DocsAssets {
  private readonly files = new Map<string | URL, Promise<Buffer>>();

  openapi(): Promise<Buffer> {
    return this.read(OPENAPI_FILE);
  }

  /** Null for a file that is none of theirs. */
  async find(name: string): Promise<Buffer | null> {
    return Object.hasOwn(ASSETS, name) ? this.read(ASSETS[name]()) : null;
  }

  private read(file: string | URL): Promise<Buffer> {
    const known = this.files.get(file);
    if (known) return known;
    const bytes = readFile(file).then(withoutForeignLogo);
    this.files.set(file, bytes);
    return bytes;
  }
}

const FOREIGN_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const NO_LOGO = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

/** ReDoc loads one picture from its maker's servers, which learns who reads what. */
function withoutForeignLogo(bytes: Buffer): Buffer {
  if (!bytes.includes(FOREIGN_LOGO)) return bytes;
  return Buffer.from(bytes.toString('utf8').replaceAll(FOREIGN_LOGO, NO_LOGO));
}
