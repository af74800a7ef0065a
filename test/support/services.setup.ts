/**
 * Before the tests of a project that needs servers: starts them, once for all files, unless the
 * environment names some already (as `npm test` does, for all projects together).
 */
import { startServices } from '../../scripts/services/index.mjs';

const SETTINGS = ['DATABASE_URL', 'BROKER_URL', 'REDIS_URL', 'S3_ENDPOINT'];

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (SETTINGS.every((name) => process.env[name])) return undefined;
  const services = await startServices({
    dataDir: null,
    durable: false,
    say: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  Object.assign(process.env, services.env); // the test processes inherit it
  return () => services.stop();
}
