/** What each stage of a task costs this process: user and system time of all of its threads. */

export function cpuNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The pipeline's stages by the names of the bench. */
const STAGES = {
  load: 'read',
  clean: 'detrend',
  detrend: 'detrend',
  search: 'search',
  fit: 'fit',
  vet: 'vet',
  classify: 'classify',
  decide: 'vet',
  explain: 'plots',
  sensitivity: 'sensitivity',
};

/**
 * A thread says by its notes where it is; between two of them it is there. Asking the system for the
 * time costs some of it, so that it is asked at the borders only.
 */
export class StageMeter {
  stages = {};
  #stage = null;
  #since;
  #first;

  constructor(now = cpuNow) {
    this.now = now;
    this.#first = this.#since = now();
  }

  enter(stage) {
    if (stage !== this.#stage) this.#pass(this.#stage, stage);
  }

  note({ type, stage, message }) {
    if (type !== 'progress') return;
    if (!STAGES[stage]) throw new RangeError(`The bench does not know the stage "${stage}".`);
    // Objects are stored while the next are drawn, so that their names are no borders.
    this.enter(message === 'Drawing the report' ? 'report' : STAGES[stage]);
  }

  /** What was used since the last border was for this stage; the next one begins. */
  #pass(of, next) {
    const now = this.now();
    if (of) this.stages[of] = (this.stages[of] ?? 0) + now - this.#since;
    this.#since = now;
    this.#stage = next;
  }

  /** @returns all of it, in seconds */
  end() {
    this.enter(null);
    return this.#since - this.#first;
  }
}
