/** A browser for the tests of the web page: the installed one, else Debian's package. */
import { findProgram } from '../services/programs.mjs';
import { installPackages } from './packages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const find = () =>
  process.env.CHROMIUM_PATH ?? NAMES.map((name) => findProgram(name)).find(Boolean) ?? null;

/** @returns {Promise<string>} absolute path of its program */
export async function obtainChromium(say) {
  const found = find();
  if (found) return found;
  try {
    await installPackages(['chromium', 'fonts-dejavu-core'], say);
  } catch (cause) {
    throw new Error(
      `The tests of the web page need Chromium, and it could not be installed: ${cause.message} ` +
        `Install the package chromium (apt-get install chromium), or set CHROMIUM_PATH.`,
      { cause },
    );
  }
  const installed = find();
  if (installed) return installed;
  throw new Error('The package chromium was installed, but there is no program chromium.');
}
