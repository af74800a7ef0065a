/** The folder of the checkout, whether this runs from the sources or from dist/. */
export const ROOT_FOLDER: URL = rootFolder();

function rootFolder(): URL {
  const here = import.meta.url;
  const root = here.slice(0, here.lastIndexOf('/apps/')).replace(/\/dist$/, '');
  return new URL(`${root}/`);
}
