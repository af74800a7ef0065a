/** How many things may run at once; the longest waiting comes first. */
export class Slots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(readonly capacity: number) {}

  get free(): number {
    return Math.max(0, this.capacity - this.taken - this.waiting.length);
  }

  /** Answers whether a slot came free within the time; one that did is to be given back. */
  async take(waitMs: number): Promise<boolean> {
    if (this.taken < this.capacity) {
      this.taken += 1;
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const mine = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      this.waiting.splice(this.waiting.indexOf(mine), 1);
      resolve(false);
    }, waitMs);
    this.waiting.push(mine);
    return promise;
  }

  giveBack(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.taken -= 1;
  }
}
