/** Rings the bell of a job after a commit: "there is something new to read in PostgreSQL". */
export interface Announcer {
  /** Never throws and is never waited for: a bell that is lost costs a poll interval. */
  announce(jobId: string): void;
}

/** Where nobody listens: the command line, most tests. */
export const silentAnnouncer: Announcer = { announce: () => undefined };
