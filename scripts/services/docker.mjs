/** A server in a container, with the same handles as one in a process. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { launch } from './processes.mjs';

/**
 * The container runs in the foreground of a `docker run`, so that its output is our log and its end
 * is our child's end. Its data is a named volume of the data folder.
 */
export async function startContainer({
  name,
  image,
  dataDir,
  ports,
  env = {},
  args = [],
  volume,
  hostname,
  order,
}) {
  const id = createHash('sha256').update(dataDir).digest('hex').slice(0, 10);
  const container = `lightfold-${name}-${id}`;
  spawnSync('docker', ['rm', '--force', container]); // of a run that was killed
  const child = await launch({
    name,
    command: 'docker',
    args: [
      ...['run', '--rm', '--name', container],
      ...Object.entries(ports).flatMap(([host, inner]) => ['-p', `127.0.0.1:${host}:${inner}`]),
      ...Object.keys(env).flatMap((key) => ['-e', key]), // values by environment: not in `ps`
      ...(volume ? ['-v', `${container}:${volume}`] : []),
      ...(hostname ? ['--hostname', hostname] : []),
      image,
      ...args,
    ],
    env: { ...process.env, ...env },
    dataDir,
    order,
    graceSeconds: 30,
  });
  return {
    ...child,
    async kill() {
      await done(spawn('docker', ['kill', container], { stdio: 'ignore' }));
      return child.kill();
    },
  };
}

const done = (child) =>
  new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
