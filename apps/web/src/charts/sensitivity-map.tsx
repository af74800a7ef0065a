import type { Sensitivity } from '#contracts';
import { sensitivityColumns } from './sensitivity-columns';

/** White text from here on. */
const DARK_FROM = 0.55;

/** Share of the injected planets that the search found, by period and radius. */
export function SensitivityMap({ target, map }: { target: string; map: Sensitivity }) {
  const { cells, half, periods, radii, radiusLabel, summary } = sensitivityColumns(map);
  return (
    <figure className="sensitivity">
      <figcaption>{summary}</figcaption>
      <svg
        viewBox="-11 -2 116 72"
        role="img"
        aria-label={`${target}: planets that could have been found`}
      >
        <desc>{summary}</desc>
        {/* A panel of 100 by 60. */}
        {cells.map(({ left, top, width, height, share, count, title }) => (
          <g key={`${left} ${top}`}>
            <title>{title}</title>
            <rect
              x={left}
              y={0.6 * top}
              width={width}
              height={0.6 * height}
              className="cell"
              fillOpacity={share ?? 0}
            />
            <text
              x={left + 0.8}
              y={0.6 * top + 2.8}
              className={share !== null && share > DARK_FROM ? 'light' : undefined}
            >
              {count}
            </text>
          </g>
        ))}
        {half.map(
          ({ left, top, joins }, i) =>
            joins && (
              <line
                key={left}
                x1={half[i - 1].left}
                y1={0.6 * half[i - 1].top}
                x2={left}
                y2={0.6 * top}
                className="half"
              />
            ),
        )}
        {half.map(({ left, top }) => (
          <circle key={left} cx={left} cy={0.6 * top} r={0.9} className="half" />
        ))}
        {periods.map(({ at, label }) => (
          <text key={at} x={at} y={63.4} textAnchor="middle">
            {label}
          </text>
        ))}
        {radii.map(({ at, label }) => (
          <text key={at} x={-1} y={0.6 * at + 0.9} textAnchor="end">
            {label}
          </text>
        ))}
        <text x={50} y={67.6} textAnchor="middle">
          Orbital period (days)
        </text>
        <text x={-8.5} y={30} textAnchor="middle" transform="rotate(-90 -8.5 30)">
          {radiusLabel}
        </text>
      </svg>
      <p className="muted">Found of injected in every cell; the line: where half are found.</p>
    </figure>
  );
}
