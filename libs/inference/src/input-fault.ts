/** What is wrong with the input of a model. */
export interface InputFault {
  /** JSON pointer into the input: `/period`, `/12` of a vector, or empty for the input as a whole. */
  readonly pointer: string;
  readonly detail: string;
}

/** An input that a model does not take, with all that is wrong with it. */
export class InputError extends RangeError {
  override readonly name = 'InputError';
  constructor(readonly faults: readonly InputFault[]) {
    super(faults.map(({ pointer, detail }) => `${pointer || 'The input'} ${detail}`).join('; '));
  }
}

/** RFC 6901. */
export const pointerTo = (name: string | number) =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
