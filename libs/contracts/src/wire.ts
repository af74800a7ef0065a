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

/** The names of all contracts; there are a few hundred. */
const camelCases = new Map<string, string>();

export function camelCase(name: string): string {
  let camel = camelCases.get(name);
  if (camel === undefined) {
    camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    camelCases.set(name, camel);
  }
  return camel;
}

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

const PLAIN = new Set(['string', 'number', 'boolean', 'null', 'enum', 'literal', 'custom']);

/** Whether its values are the same on the wire and inside: a vector of them need not be copied. */
function isPlain(schema: z.ZodType): boolean {
  const { type, format, options } = definitionOf(schema);
  if (type === 'union') return options!.every(isPlain);
  return PLAIN.has(type) && format !== 'datetime';
}

const definitionOf = (schema: z.ZodType) =>
  (schema as unknown as { _zod: { def: Definition } })._zod.def;

function walk(schema: z.ZodType, value: unknown, source: Rename, target: Rename): unknown {
  if (value === null || value === undefined) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  const definition = definitionOf(schema);
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
      if (isPlain(definition.element!)) return value;
      return (value as unknown[]).map((item) => inner(definition.element!, item));
    case 'record':
      if (isPlain(definition.valueType!)) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, inner(definition.valueType!, item)]),
      );
    case 'union':
      return inner(optionFor(definition.options!, value, source), value);
    case 'object': {
      const shown: Record<string, unknown> = {};
      for (const [key, part] of fieldsOf(definition.shape!)) {
        const item = inner(part, (value as Record<string, unknown>)[source(key)]);
        if (item !== undefined) shown[target(key)] = item;
      }
      return shown;
    }
    default:
      return value;
  }
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** By shape: the list is made once. */
const fields = new WeakMap<Shape, readonly (readonly [string, z.ZodType])[]>();

function fieldsOf(shape: Shape): readonly (readonly [string, z.ZodType])[] {
  let known = fields.get(shape);
  if (!known) fields.set(shape, (known = Object.entries(shape)));
  return known;
}

/** The member of a union that a value belongs to: the first whose literals and keys all match. */
function optionFor(options: readonly z.ZodType[], value: unknown, source: Rename): z.ZodType {
  const fits = (option: z.ZodType) => {
    const definition = definitionOf(option);
    if (definition.type !== 'object') return option.safeParse(value).success;
    return fieldsOf(definition.shape!).every(([key, part]) => {
      const item = (value as Record<string, unknown>)[source(key)];
      const kind = definitionOf(part).type;
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
