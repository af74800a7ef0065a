import type { Lease } from '#platform/jobs';

/** Folder of what one attempt at a target stores: attempts never write over each other. */
export const attemptFolder = (teamId: string, lease: Lease): string =>
  `teams/${teamId}/jobs/${lease.jobId}/${lease.taskId}/${lease.attempt}`;

export const reportKey = (folder: string) => `${folder}/report.pdf`;
export const reportModelKey = (folder: string) => `${folder}/report-model.json`;

/** Without extension: there is an `.svg` and a `.png` of each. */
export const plotKey = (folder: string, rank: number, name: string) => `${folder}/${rank}-${name}`;

/** Points of a round of the search, while others may help with it. */
export const roundKey = (folder: string, round: number) => `${folder}/round-${round}`;
