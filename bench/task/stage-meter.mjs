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
  decide: 'vet',
  explain: 'plots',
  sensitivity: 'sensitivity',
};

/** CPU time by stage. A thread says where it is by its notes; between two of them it is there. */
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

  note({ type, stage, key }) {
    if (type === 'progress') {
      if (!STAGES[stage]) throw new RangeError(`The bench does not know the stage "${stage}".`);
      this.enter(STAGES[stage]);
    }
    // The last plot of a candidate is about to be stored: what follows is the next one, or the report.
    else if (type === 'object' && key.endsWith('-light_curve.png')) this.#pass('plots', 'plots');
    // An object is named when it has been drawn.
    else if (type === 'object' && key.endsWith('/report.pdf')) this.#pass('report', 'report');
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
