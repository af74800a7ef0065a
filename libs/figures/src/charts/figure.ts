/**
 * A drawing as plain data: what every plot and every report page is before it becomes SVG or PDF.
 *
 * Coordinates grow to the right and downwards. A figure holds no NaN, no function and no typed
 * array, so JSON carries it unchanged: workers store it and draw it later. Colours are opaque hex
 * strings only: transparency is slow in PDF and unsafe in print.
 */

export interface Figure {
  readonly width: number;
  readonly height: number;
  /** What a screen reader says. */
  readonly title: string;
  readonly shapes: readonly Shape[];
  /**
   * Drawn before the shapes, as large as the figure: what several figures have in common, as the very
   * same object, is written and painted once.
   */
  readonly under?: Figure;
}

/** All shapes in the order in which they are drawn. */
export const shapesOf = ({ under, shapes }: Figure): readonly Shape[] =>
  under ? [...shapesOf(under), ...shapes] : shapes;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Shape = PathShape | DotsShape | TextShape | ImageShape;

/** One or several polylines drawn with one pen. */
export interface PathShape {
  readonly kind: 'path';
  /** Each is x0, y0, x1, y1, ... */
  readonly lines: readonly (readonly number[])[];
  readonly closed?: boolean;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly dash?: readonly number[];
  readonly fill?: string;
  readonly clip?: Box;
}

/** Round points of one size and colour. */
export interface DotsShape {
  readonly kind: 'dots';
  /** x0, y0, x1, y1, ... */
  readonly at: readonly number[];
  readonly diameter: number;
  readonly color: string;
  readonly clip?: Box;
}

export type Anchor = 'start' | 'middle' | 'end';

export interface TextShape {
  readonly kind: 'text';
  /** On the baseline. */
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly color: string;
  readonly bold?: boolean;
  readonly anchor?: Anchor;
  /** Reads from bottom to top. */
  readonly upwards?: boolean;
}

/** Opaque pixels, drawn without smoothing. */
export interface ImageShape {
  readonly kind: 'image';
  readonly box: Box;
  readonly pngBase64: string;
}
