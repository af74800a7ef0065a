/**
 * Puts a question that many ask at the same time once for all of them. Who asks while it is under way
 * waits for the next time it is put, so that no answer is older than the request that it is for.
 */
export class AskedTogether<Answer> {
  private readonly rounds = new Map<string, Round<Answer>>();

  /** @param put the question; of two with the same key either serves */
  ask(key: string, put: () => Promise<Answer>): Promise<Answer> {
    const round = this.rounds.get(key);
    if (!round) return this.begin(key, put);
    round.next ??= round.over.then(() => this.begin(key, put));
    return round.next;
  }

  private begin(key: string, put: () => Promise<Answer>): Promise<Answer> {
    const answer = put();
    const over = answer.then(
      () => this.end(key, round),
      () => this.end(key, round),
    );
    const round: Round<Answer> = { over, next: null };
    this.rounds.set(key, round);
    return answer;
  }

  private end(key: string, round: Round<Answer>): void {
    if (!round.next && this.rounds.get(key) === round) this.rounds.delete(key);
  }
}

interface Round<Answer> {
  /** Never rejects. */
  readonly over: Promise<void>;
  next: Promise<Answer> | null;
}
