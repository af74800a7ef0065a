/** Run by speed/run.mjs: prints what loading the library and its first and second search cost. */
const started = performance.now();
await import('#transit');
const loaded = performance.now();
const [{ injectedCurve }, { workloadNamed }, { PLANET_SNR, RACES }, { searchOurs }] =
  await Promise.all([
    import('../workloads/curve.mjs'),
    import('../workloads/workloads.mjs'),
    import('./contestants.mjs'),
    import('../recall/methods.mjs'),
  ]);
const race = RACES.find(({ name }) => name === process.argv[2]);
const wanted = { periodDays: race.planetDays, snr: PLANET_SNR };
const { curve } = injectedCurve(workloadNamed(race.workload), 0, wanted);

const seconds = () => {
  const from = performance.now();
  searchOurs(curve, race, { minSnr: 7 });
  return (performance.now() - from) / 1000;
};
const facts = { loadSeconds: (loaded - started) / 1000, first: seconds(), second: seconds() };
process.stdout.write(`${JSON.stringify(facts)}\n`);
