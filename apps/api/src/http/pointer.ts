/** A JSON pointer as a URI fragment (RFC 6901, section 6), but for percent-encoding: people read it. */
export const pointerOf = (path: readonly string[]) =>
  ['#', ...path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
