/** An array of numbers that grows: twice the room each time, so that n pushes cost O(n). */
export class Growable {
  private values = new Float64Array(4096);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Float64Array(this.values.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  /** The numbers, in an array of exactly their length. */
  toArray(): Float64Array {
    return this.values.slice(0, this.length);
  }
}
