/** An array of numbers that grows: twice the room each time, so that n pushes cost O(n). */
export class Growable {
  private values: Float64Array;
  length = 0;

  /** @param room numbers that are expected, more or less */
  constructor(room = 4096) {
    this.values = new Float64Array(room);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Float64Array(Math.max(1, this.values.length) * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  /** The numbers, in an array of exactly their length. Nothing may be pushed afterwards. */
  toArray(): Float64Array {
    return this.length === this.values.length ? this.values : this.values.slice(0, this.length);
  }
}
