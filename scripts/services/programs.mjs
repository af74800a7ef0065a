/**
 * Where RabbitMQ and Redis come from: the installed server, else Docker, else packages of Debian or
 * Ubuntu.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages, unpackedFolder } from '../setup/packages.mjs';

// Debian keeps servers in sbin, which is not on every user's PATH.
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/sbin'];

export const PROGRAMS = {
  rabbitmq: {
    program: 'rabbitmq-server',
    package: 'rabbitmq-server',
    title: 'RabbitMQ',
    setting: 'BROKER_URL',
  },
  redis: { program: 'redis-server', package: 'redis-server', title: 'Redis', setting: 'REDIS_URL' },
};

/** @returns {string | null} absolute path */
export function findProgram(
  name,
  path = process.env.PATH ?? '',
  further = [...SBIN, ...unpacked()],
) {
  for (const folder of [...path.split(delimiter), ...further]) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not here
    }
  }
  return null;
}

const unpacked = () =>
  ['bin', 'usr/bin', 'usr/sbin'].map((folder) => join(unpackedFolder(), folder));

/** Whether a Docker engine answers, not only whether the command is installed. */
export function dockerAnswers() {
  if (!findProgram('docker')) return false;
  return (
    spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 5000 })
      .status === 0
  );
}

/**
 * @param {object} wanted
 * @param {string} wanted.program its command
 * @param {string} wanted.package the Debian package that brings it
 * @param {string} wanted.title for sentences
 * @param {string} wanted.setting names the setting that makes it unnecessary
 * @param {(sentence: string) => void} say
 * @returns {Promise<{ kind: 'program', path: string } | { kind: 'docker' }>}
 */
export async function obtain({ program, package: debianPackage, title, setting }, say) {
  const installed = findProgram(program);
  if (installed) return { kind: 'program', path: installed };
  if (dockerAnswers()) return { kind: 'docker' };
  try {
    await installPackages([debianPackage], say);
  } catch (cause) {
    throw new Error(
      `${title} is needed, and it could not be installed: ${cause.message} Install the package ` +
        `${debianPackage} (apt-get install ${debianPackage}), start Docker, or set ${setting} to a server that runs already.`,
      { cause },
    );
  }
  const path = findProgram(program);
  if (path) return { kind: 'program', path };
  throw new Error(
    `The package ${debianPackage} was installed, but there is no program ${program} afterwards. ` +
      `Set ${setting} to a ${title} server that runs already.`,
  );
}
