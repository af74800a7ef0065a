/** The broker, or another server, has not answered; whatever was asked may be done or not. */
export class NoAnswerError extends Error {
  constructor(what: string, seconds: number, who: string) {
    super(`${who} did not ${what} within ${seconds} s`);
  }
}

/** What the broker answers, unless that takes too long: a queue without its leader may keep silent. */
export async function inTime<T>(
  answer: Promise<T>,
  what: string,
  seconds: number,
  who = 'The broker',
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswerError(what, seconds, who)), seconds * 1000);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
