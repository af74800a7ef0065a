/** Whether a version may take an alias. */
import type { InputSchema, ModelAlias } from '#contracts';
import type { GoldenCheck } from './golden.js';
import type { VersionFiles } from './version-files.js';

/**
 * Why a version does not become `alias`; empty: it may. Golden inputs must give what they gave. A
 * champion is followed only by a version that is at least as good on the rows that it names, in
 * every input schema that both have, and that takes all inputs that the champion takes.
 *
 * @param champion the present one; null: there is none
 */
export function obstaclesTo(
  alias: ModelAlias,
  version: VersionFiles,
  champion: VersionFiles | null,
  golden: readonly GoldenCheck[],
): string[] {
  const obstacles = golden
    .filter(({ isGood }) => !isGood)
    .map(
      ({ schema, worst, tolerance }) =>
        `Its golden inputs of the schema ${schema} differ by ${worst.toPrecision(3)}, more than ${tolerance}.`,
    );
  if (alias !== 'champion' || !champion || champion.reference === version.reference) {
    return obstacles;
  }
  const schemas = new Map(version.metadata.input_schemas.map((each) => [each.name, each]));
  for (const theirs of champion.metadata.input_schemas) {
    const ours = schemas.get(theirs.name);
    const obstacle = ours
      ? worseThan(ours, theirs, champion.reference)
      : `It has no input schema ${theirs.name}, which ${champion.reference} has.`;
    if (obstacle) obstacles.push(obstacle);
  }
  return obstacles;
}

function worseThan(ours: InputSchema, theirs: InputSchema, champion: string): string | null {
  const { set, decisive, metrics } = ours.evaluation;
  const other = theirs.evaluation;
  if (other.set.sha256 !== set.sha256) {
    return `The schema ${ours.name} was evaluated on ${set.name}, ${champion} on ${other.set.name}: they cannot be compared.`;
  }
  const [mine, champions] = [metrics[decisive], other.metrics[decisive]];
  if (mine === undefined || champions === undefined) {
    const who = mine === undefined ? 'this version' : champion;
    return `The evaluation of ${who} in the schema ${ours.name} lacks ${decisive}.`;
  }
  if (mine >= champions) return null;
  return `In the schema ${ours.name} its ${decisive} on ${set.name} is ${mine}, below the ${champions} of ${champion}.`;
}
