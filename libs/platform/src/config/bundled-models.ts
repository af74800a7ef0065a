import { fileURLToPath } from 'node:url';

/** Folder of the models that come with this version, from source and from dist alike. */
export const BUNDLED_MODELS: string = bundledModels();

function bundledModels(): string {
  const here = import.meta.url;
  const root = here.slice(0, here.lastIndexOf('/libs/')).replace(/\/dist$/, '');
  return fileURLToPath(`${root}/models`);
}
