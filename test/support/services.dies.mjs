/** Starts the servers, says their process ids, and dies without cleaning up. */
import { startServices } from '../../scripts/services/index.mjs';

const services = await startServices({ dataDir: process.argv[2] || null, ownServersOnly: true });
const servers = [services.postgres, services.rabbitmq, services.redis, services.objectStore];
process.stdout.write(JSON.stringify(servers.map((server) => server.pid)), () => {
  process.kill(process.pid, 'SIGKILL');
});
