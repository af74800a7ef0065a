import type { Problem } from '#contracts';

/** An answer that is not a success: the server's problem document, or a network that failed. */
export class ApiProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  get status(): number {
    return this.problem.status;
  }
}

export const unreachable = (): ApiProblem =>
  new ApiProblem({
    type: '/problems/unreachable',
    title: 'Lightfold cannot be reached',
    status: 0,
    detail: 'The server did not answer. Check your connection; the page tries again by itself.',
  });
