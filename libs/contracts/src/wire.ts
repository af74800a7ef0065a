/**
 * The one place where snake_case on the wire meets camelCase in TypeScript.
 *
 * A contract is a Zod schema written as the wire shows it. `request` makes a parser of it whose
 * output is camelCase; `toWire` turns a camelCase value into what the contract shows, and drops
 * what it does not show. Keys of records (`z.record`) are data, not names, and stay as they are.
 */
import { z } from 'zod';

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** A moment: an ISO 8601 string in UTC on the wire, a `Date` inside. */
export const instant = () => z.iso.datetime().brand<'instant'>();
type Instant = string & z.core.$brand<'instant'>;

/** The camelCase twin of a wire type. */
export type Domain<T> = T extends Instant
  ? Date
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? Domain<Item>[]
      : T extends object
        ? { [K in keyof T as K extends string ? CamelCase<K> : K]: Domain<T[K]> }
        : T;

export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A parser of requests: wire in, camelCase out, with the schema's checks and defaults. */
export function request<S extends z.ZodType>(schema: S) {
  return schema.transform((value) => fromWire(schema, value) as Domain<z.output<S>>);
}

/** camelCase of a value that `schema` has parsed. */
export function fromWire(schema: z.ZodType, value: unknown): unknown {
  return walk(schema, value, (key) => key, camelCase);
}

/** A parser of answers, for clients: what the contract shows, in camelCase, with `Date`s. */
export function answer<S extends z.ZodType>(schema: S, json: unknown): Domain<z.output<S>> {
  return fromWire(schema, schema.parse(json)) as Domain<z.output<S>>;
}

/** What `schema` shows of a camelCase value: snake_case, dates as strings, nothing unlisted. */
export function toWire(schema: z.ZodType, value: unknown): unknown {
  return walk(schema, value, camelCase, (key) => key);
}

type Rename = (wireKey: string) => string;

interface Definition {
  readonly type: string;
  readonly format?: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

function walk(schema: z.ZodType, value: unknown, source: Rename, target: Rename): unknown {
  if (value === null || value === undefined) return value;
  if (value instanceof Date) return value.toISOString();
  const definition = (schema as unknown as { _zod: { def: Definition } })._zod.def;
  const inner = (part: z.ZodType, item: unknown) => walk(part, item, source, target);
  switch (definition.type) {
    case 'string':
      return definition.format === 'datetime' ? new Date(value as string) : value;
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return inner(definition.innerType!, value);
    case 'pipe':
      return inner(definition.in!, value);
    case 'lazy':
      return inner(definition.getter!(), value);
    case 'array':
      return (value as unknown[]).map((item) => inner(definition.element!, item));
    case 'record':
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, inner(definition.valueType!, item)]),
      );
    case 'union':
      return inner(optionFor(definition.options!, value, source), value);
    case 'object':
      return Object.fromEntries(
        Object.entries(definition.shape!)
          .map(([key, part]) => [
            target(key),
            inner(part, (value as Record<string, unknown>)[source(key)]),
          ])
          .filter(([, item]) => item !== undefined),
      );
    default:
      return value;
  }
}

/** The member of a union that a value belongs to: the first whose literals and keys all match. */
function optionFor(options: readonly z.ZodType[], value: unknown, source: Rename): z.ZodType {
  const fits = (option: z.ZodType) => {
    const definition = (option as unknown as { _zod: { def: Definition } })._zod.def;
    if (definition.type !== 'object') return option.safeParse(value).success;
    return Object.entries(definition.shape!).every(([key, part]) => {
      const item = (value as Record<string, unknown>)[source(key)];
      const kind = (part as unknown as { _zod: { def: Definition } })._zod.def.type;
      if (kind === 'literal' || kind === 'enum') return part.safeParse(item).success;
      return item !== undefined || part.safeParse(undefined).success;
    });
  };
  return options.find(fits) ?? options[0];
}

/** One page of a list: `next_cursor` is null on the last one. */
export const page = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items per page'),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before'),
};

/** The query of a list that has no filters. */
export const listPage = request(z.strictObject(pageQuery));
export type PageQuery = z.output<typeof listPage>;

/** `:id` of a path, or `?id=` of a query. */
export const anId = request(z.strictObject({ id: z.uuid() }));
export type AnId = z.output<typeof anId>;
