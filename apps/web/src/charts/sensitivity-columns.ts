/** From a map of sensitivity to what is drawn of it: shapes in per cent of the panel, and words. */
import type { Sensitivity } from '#contracts';
import { percent } from '../components/format';

export interface SensitivityColumns {
  readonly cells: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
    /** 0 to 1; null where nothing was injected. */
    readonly share: number | null;
    /** "3/4". */
    readonly count: string;
    readonly title: string;
  }[];
  /** Where half are found, at the middle of a period bin; neighbours are joined. */
  readonly half: readonly {
    readonly left: number;
    readonly top: number;
    readonly joins: boolean;
  }[];
  readonly periods: readonly Tick[];
  readonly radii: readonly Tick[];
  readonly radiusLabel: string;
  /** The whole of it in one sentence. */
  readonly summary: string;
}

interface Tick {
  /** Per cent from the left, or from the top. */
  readonly at: number;
  readonly label: string;
}

/** Both axes are logarithmic; small planets are at the bottom. */
export function sensitivityColumns(map: Sensitivity): SensitivityColumns {
  const periods = map.periodEdgesDays;
  const isKnown = map.radiusEdgesEarth !== null;
  const radii = map.radiusEdgesEarth ?? map.radiusRatioEdges.map((ratio) => 100 * ratio);
  const half = map.halfRadiusEarth ?? map.halfRadiusRatio.map((ratio) => ratio && 100 * ratio);
  const unit = isKnown ? 'R⊕' : '% of the star';
  const left = alongLog(periods);
  const fromBottom = alongLog(radii);
  const top = (radius: number) => 100 - fromBottom(radius);

  const cells = map.cells.map(({ periodBin, radiusBin, injected, recovered, low, high }) => {
    const [from, to] = [periods[periodBin], periods[periodBin + 1]];
    const [small, large] = [radii[radiusBin], radii[radiusBin + 1]];
    const where = `${short(from)} to ${short(to)} d, ${short(small)} to ${short(large)} ${unit}`;
    const range = `${percent(low)} to ${percent(high)} with 68 % confidence`;
    return {
      left: left(from),
      top: top(large),
      width: left(to) - left(from),
      height: top(small) - top(large),
      share: injected > 0 ? recovered / injected : null,
      count: injected > 0 ? `${recovered}/${injected}` : '',
      title: `${where}: ${injected > 0 ? `${recovered} of ${injected} found, ${range}` : 'not tried'}`,
    };
  });
  const middle = (bin: number) => Math.sqrt(periods[bin] * periods[bin + 1]);
  return {
    cells,
    half: half.flatMap((radius, bin) =>
      radius === null
        ? []
        : [{ left: left(middle(bin)), top: top(radius), joins: bin > 0 && half[bin - 1] !== null }],
    ),
    periods: periods.map((days) => ({ at: left(days), label: short(days) })),
    radii: radii.map((radius) => ({ at: top(radius), label: short(radius) })),
    radiusLabel: isKnown ? 'Planet radius (R⊕)' : 'Planet radius (% of the star’s)',
    summary: summaryOf(map, half, unit),
  };
}

function summaryOf(
  { periodEdgesDays, injected, interrupted, minSnr }: Sensitivity,
  half: readonly (number | null)[],
  unit: string,
): string {
  const known = half.flatMap((radius, bin) => (radius === null ? [] : [{ radius, bin }]));
  const of = ({ radius, bin }: { radius: number; bin: number }) =>
    `${short(radius)} ${unit} at ${short(periodEdgesDays[bin])} to ${short(periodEdgesDays[bin + 1])} d`;
  const ends = known.length > 1 ? [known[0], known[known.length - 1]] : known;
  const found =
    ends.length > 0
      ? `Half of all planets would have been found from ${ends.map(of).join(', and from ')}. `
      : '';
  const count = `${injected} planets injected${interrupted ? ', then interrupted' : ''}`;
  return `${found}${count}; found: SNR from ${minSnr} on.`;
}

/** Per cent of the way from the first edge to the last one, by their logarithms. */
function alongLog(edges: readonly number[]): (value: number) => number {
  const first = Math.log(edges[0]);
  const range = Math.log(edges[edges.length - 1]) - first;
  return (value) => (100 * (Math.log(value) - first)) / range;
}

const short = (value: number) => String(Number(value.toPrecision(value < 10 ? 2 : 3)));
