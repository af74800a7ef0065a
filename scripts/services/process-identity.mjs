/**
 * Which process is meant by a number. A pid alone is not enough: it is handed out again, and a
 * script that believes an old one kills a stranger. Together with the start time it is unique.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When the process started, in a form to compare; null where there is no such process. */
export function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may hold spaces: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch (error) {
    return error.code === 'ENOENT' && process.platform === 'linux' ? null : startByPs(pid);
  }
}

export const isAlive = ({ pid, start }) => start !== null && startOf(pid) === start;

function startByPs(pid) {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return text.trim() || null;
  } catch {
    return null;
  }
}
