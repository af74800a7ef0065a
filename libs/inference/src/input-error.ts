/** One thing that is wrong with an input. */
export interface InputFault {
  /** JSON pointer into the input, such as `/period`, or `/features/12` of a vector. */
  readonly pointer: string;
  readonly detail: string;
}

/** An input that a model cannot take, with all its faults. */
export class InputError extends RangeError {
  constructor(readonly faults: readonly InputFault[]) {
    super(faults.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' '));
    this.name = 'InputError';
  }
}

/** RFC 6901: `~` and `/` inside a name are escaped. */
export const pointerTo = (name: string | number) =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
