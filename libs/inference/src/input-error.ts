/** One thing that is wrong with an input. */
export interface InputFault {
  /** JSON pointer into the input: `/period`, `/12` of a vector, or empty for it as a whole. */
  readonly pointer: string;
  /** Goes on after the pointer: "must be finite, not NaN". */
  readonly detail: string;
}

/** An input that a model cannot take, with all its faults. */
export class InputError extends RangeError {
  constructor(readonly faults: readonly InputFault[]) {
    super(faults.map(({ pointer, detail }) => `${pointer || 'The input'} ${detail}`).join('; '));
    this.name = 'InputError';
  }
}

/** RFC 6901: `~` and `/` inside a name are escaped. */
export const pointerTo = (name: string | number) =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
