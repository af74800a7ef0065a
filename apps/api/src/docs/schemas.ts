/** The contracts' schemas under their names, as OpenAPI lists them. */
import { z } from 'zod';
import * as contract from '#contracts';

type Json = Record<string, unknown>;

const reference = (name: string) => `#/components/schemas/${name}`;

const exported: readonly (readonly [string, unknown])[] = Object.entries(contract);
const schemas = exported.filter(
  (entry): entry is readonly [string, z.ZodType] => entry[1] instanceof z.ZodType,
);
/** Answers, and what they are made of: everything with a shape, and every closed list of words. */
const answers = schemas.filter(([, schema]) =>
  ['object', 'union', 'enum'].includes(schema._zod.def.type),
);
/** Requests are parsers: their input is what a client sends. */
const requests = schemas.filter(([, schema]) => schema._zod.def.type === 'pipe');

const names = new Map<z.ZodType, string>(
  [...answers, ...requests].map(([name, schema]) => [schema, pascalCase(name)]),
);

/** A reference to a schema by its name, or the schema itself where it has none. */
export function schemaFor(schema: z.ZodType): Json {
  const name = names.get(schema);
  return name === undefined
    ? stripped(
        z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', override: withoutNoise }),
      )
    : { $ref: reference(name) };
}

/** A query's or a path's parameters, as one object. */
export const parametersOf = (schema: z.ZodType): Json =>
  stripped(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: withoutNoise }));

/** All that is named. A client may meet more fields than it knows in an answer. */
export function components(bodies: ReadonlySet<z.ZodType>): Record<string, Json> {
  const used = requests.filter(([, schema]) => bodies.has(schema));
  const all = {
    ...converted(answers, 'output'),
    ...converted(used, 'input'),
  };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function converted(entries: readonly (readonly [string, z.ZodType])[], io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of entries) registry.add(schema, { id: pascalCase(name) });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: 'any',
    uri: reference,
    override: withoutNoise,
  });
  return Object.fromEntries(
    Object.entries(schemas as Record<string, Json>).map(([name, schema]) => [
      name,
      stripped(schema),
    ]),
  );
}

type Override = NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override'];

const withoutNoise: Override = ({ zodSchema, jsonSchema }) => {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
  // The format says it; the pattern would only be long.
  if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern;
};

function stripped({ $schema: _, $id: __, ...schema }: Json): Json {
  return schema;
}

function pascalCase(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}
