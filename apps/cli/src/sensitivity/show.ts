import { EARTH_RADII_PER_SUN, type SensitivityMap } from '#transit';
import { table } from '../output.js';

/** One row per period bin: the radius at which half are found, and all shares, small to large. */
export function sensitivityTable(map: SensitivityMap): string {
  const { periodEdgesDays: periods, radiusRatioEdges: radii, starRadiusSun, cells } = map;
  const unit = starRadiusSun === null ? 100 : starRadiusSun * EARTH_RADII_PER_SUN;
  const name = starRadiusSun === null ? '% of the star' : 'R_earth';
  const size = (ratio: number) => (ratio * unit).toPrecision(2);
  const header = [
    'Period (d)',
    `Half found (${name})`,
    ...radii.slice(1).map((edge, row) => `${size(radii[row])} to ${size(edge)}`),
  ];
  const rows = map.halfRadiusRatio.map((half, column) => [
    `${periods[column].toPrecision(3)} to ${periods[column + 1].toPrecision(3)}`,
    half === null ? '-' : size(half),
    ...cells
      .filter(({ periodBin }) => periodBin === column)
      .map(({ recovered, injected }) => `${recovered}/${injected}`),
  ]);
  const count =
    `${map.interrupted ? 'Interrupted after ' : ''}` +
    `${map.injected} planets${map.interrupted ? '' : ' injected'}`;
  return `${table(header, rows)}\n${count}; found: SNR from ${map.minSnr} on.`;
}
