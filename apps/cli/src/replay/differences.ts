/**
 * Where two values of JSON differ, as lines: path, stored, now. Numbers must be equal to the last
 * digit. A stored `undefined` is not compared.
 */
export function differences(stored: unknown, now: unknown, path = ''): string[] {
  if (stored === undefined || Object.is(stored, now)) return [];
  if (!isTree(stored) || !isTree(now)) return [`${path}: ${text(stored)}, now ${text(now)}`];
  const names = [...new Set([...Object.keys(stored), ...Object.keys(now)])];
  return names.flatMap((name) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (!(name in stored)) return [`${at}: nothing, now ${text(now[name])}`];
    return differences(stored[name], now[name], at);
  });
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const text = (value: unknown): string => {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
};
