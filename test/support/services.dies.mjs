/** Starts the servers, says where they are, and dies without cleaning up. */
import { startServices } from '../../scripts/services/index.mjs';

const services = await startServices({ dataDir: process.argv[2] || null, ownServersOnly: true });
const servers = [services.postgres, services.rabbitmq, services.redis, services.objectStore];
const said = { dataDir: services.dataDir, pids: servers.map((server) => server.pid) };
process.stdout.write(JSON.stringify(said), () => {
  process.kill(process.pid, 'SIGKILL');
});
