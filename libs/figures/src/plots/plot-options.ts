/** Size and names of one plot; the defaults are those of a picture on a web page. */
export interface PlotOptions {
  /** Written in the title where it is given. */
  readonly target?: string;
  /** @default depends on the plot, about 960 */
  readonly width?: number;
  /** @default depends on the plot */
  readonly height?: number;
  /** Of the tick labels, in the unit of `width`. @default 13 */
  readonly fontSize?: number;
  /** Without the title line, for a page that has its own heading. @default false */
  readonly bare?: boolean;
}

export const DEFAULT_WIDTH = 960;
export const DEFAULT_FONT_SIZE = 13;
