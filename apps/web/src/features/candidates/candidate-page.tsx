import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { type Candidate, candidate, type PlotName } from '#contracts';
import { call } from '../../api/client';
import { Badge } from '../../components/badge';
import { smallChance, period, withError } from '../../components/format';
import { Loaded } from '../../components/states';
import { Reviews } from './reviews';
import { SimilarCandidates } from './similar-candidates';

const PLOTS: readonly (readonly [PlotName, string])[] = [
  ['light_curve', 'Full light curve'],
  ['bls', 'Periodogram'],
  ['phase', 'Phase fold with model'],
  ['odd_even', 'Odd and even transits'],
  ['secondary', 'Search for a secondary eclipse'],
];

export function CandidatePage() {
  const { candidateId = '' } = useParams();
  const query = useQuery({
    queryKey: ['candidates', 'one', candidateId],
    queryFn: () => call(candidate, 'GET', `/api/v1/candidates/${candidateId}`),
  });
  return (
    <Loaded query={query}>
      {(each) => (
        <>
          <header className="title">
            <h1>
              {each.target} · candidate {each.rank} <Badge word={each.rlAction} />
            </h1>
            <p>
              probability {each.probability.toFixed(3)} ({each.provenance.classifier})
              {each.models.slice(0, -1).map(({ name, version, probability }) => (
                <span key={name} className="muted">
                  {' · '}
                  {probability.toFixed(3)} by {name}@{version}
                </span>
              ))}
            </p>
          </header>
          <ul className="reasons">
            {each.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          <div className="plots">
            {PLOTS.filter(([name]) => each.plots[name]).map(([name, title]) => (
              <figure key={name} className={name}>
                <a href={each.plots[name]} target="_blank" rel="noreferrer">
                  <img src={each.plots[name]} alt={`${title} of ${each.target}`} loading="lazy" />
                </a>
                <figcaption>{title}</figcaption>
              </figure>
            ))}
            <Parameters candidate={each} />
          </div>
          <Vetting candidate={each} />
          <Reviews candidateId={candidateId} reviews={each.reviews} />
          <SimilarCandidates candidateId={candidateId} />
          <Provenance candidate={each} />
        </>
      )}
    </Loaded>
  );
}

function Parameters({ candidate: each }: { candidate: Candidate }) {
  const { fit } = each;
  const rows: (readonly [string, string])[] = [
    ['Period', `${fit ? withError(fit.periodDays) : period(each.periodDays)} d`],
    ['First transit', `BJD ${fit ? withError(fit.t0Bjd) : each.t0Bjd.toFixed(5)}`],
    ['Duration', `${fit ? withError(fit.durationHours) : each.durationHours.toFixed(2)} h`],
    ['Depth', `${fit ? withError(fit.depthPpm) : each.depthPpm.toFixed(0)} ppm`],
    ['SNR (red noise)', each.snr.toFixed(1)],
    ['SDE', each.sde.toFixed(1)],
    ['False alarm', smallChance(each.falseAlarmProbability)],
  ];
  if (fit) {
    rows.push(['Rp / R★', withError(fit.radiusRatio)]);
    rows.push(['Impact parameter', withError(fit.impact)]);
    rows.push(['a / R★', withError(fit.axisRatio)]);
    const inclination = { value: fit.inclinationDeg, error: fit.inclinationErrorDeg };
    rows.push(['Inclination', `${withError(inclination)}°`]);
    if (fit.fullDurationHours) {
      rows.push(['Second to third contact', `${withError(fit.fullDurationHours)} h`]);
    }
    rows.push(['Stellar density', `${withError(fit.stellarDensityGCm3)} g/cm³`]);
    if (fit.planetRadiusEarth) {
      rows.push(['Planet radius', `${withError(fit.planetRadiusEarth)} R⊕`]);
    }
    if (fit.semiMajorAxisAu) {
      rows.push(['Semi-major axis', `${withError(fit.semiMajorAxisAu)} au`]);
    }
    if (fit.insolationEarth) {
      rows.push(['Insolation', `${withError(fit.insolationEarth)} S⊕`]);
    }
    if (fit.equilibriumTemperatureK !== null) {
      const temperature = {
        value: fit.equilibriumTemperatureK,
        error: fit.equilibriumTemperatureErrorK,
      };
      rows.push(['Equilibrium temperature', `${withError(temperature)} K`]);
    }
  }
  return (
    <section aria-label="Parameters">
      <h2>Parameters</h2>
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {fit && (fit.joint || !fit.success) && <p className="muted">{fit.message}</p>}
    </section>
  );
}

function Vetting({ candidate: each }: { candidate: Candidate }) {
  return (
    <section aria-label="Vetting">
      <h2>Vetting</h2>
      <table>
        <tbody>
          {each.vetting.map((test) => (
            <tr key={test.test}>
              <th scope="row">{test.test.replaceAll('_', ' ')}</th>
              <td>
                <Badge word={test.verdict} />
              </td>
              <td>{test.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Provenance({ candidate: { provenance } }: { candidate: Candidate }) {
  return (
    <details>
      <summary>Provenance</summary>
      <p className="muted">
        Lightfold {provenance.codeVersion}, seed {provenance.seed}. <Link to="/jobs">All jobs</Link>
      </p>
      <ul>
        {provenance.inputs.map((input) => (
          <li key={input.sha256}>
            {input.filename} <code>{input.sha256}</code>
          </li>
        ))}
      </ul>
      <ul>
        {provenance.models.map(({ name, version, sha256 }) => (
          <li key={sha256}>
            {name}@{version} <code>{sha256}</code>
          </li>
        ))}
      </ul>
      <pre>{JSON.stringify({ params: provenance.params, grid: provenance.grid }, null, 2)}</pre>
    </details>
  );
}
