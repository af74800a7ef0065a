/**
 * The periodogram of a fold: the strongest row of all folds in each of many narrow ranges of period.
 *
 * Cells are uniform in the cube root of frequency, as the periods worth telling apart are (Ofir 2014,
 * A&A 561, A138, eq. 7). C is cells.
 */
import { foldedPeriod, foldRows, LARGEST_LEAF, Scratch } from '#kernels';

export class Cells {
  /** (C,) period of the strongest row, or of the cell's middle where there was none; increasing. */
  readonly periodDays: Float64Array;
  /** (C,) its SNR; 0 where nothing dips. */
  readonly snr: Float64Array;
  /** (C,) number of the series that was folded. */
  readonly series: Uint16Array;
  /** (C + 1,) */
  private readonly edgeDays: Float64Array;
  private readonly lowest: number;
  private readonly perRoot: number;

  /** @param scratch of it are the series and the edges. @default fresh memory */
  constructor(
    minPeriodDays: number,
    maxPeriodDays: number,
    count: number,
    scratch = new Scratch(),
  ) {
    this.lowest = Math.cbrt(1 / maxPeriodDays);
    this.perRoot = count / (Math.cbrt(1 / minPeriodDays) - this.lowest);
    this.snr = new Float64Array(count);
    this.series = scratch.uint16(count).fill(0);
    this.periodDays = new Float64Array(count);
    this.edgeDays = scratch.float64(count + 1);
    for (let i = 0; i < count; i++) {
      this.periodDays[i] = periodOfRoot(this.lowest + (count - i - 0.5) / this.perRoot);
      this.edgeDays[i] = periodOfRoot(this.lowest + (count - i) / this.perRoot);
    }
    this.edgeDays[count] = maxPeriodDays;
  }

  /**
   * Takes the rows of one base period: `maxima` from `at` on, each integer step worth `snrPerStep`.
   * Periods outside the search are passed over; a tie keeps what was offered first.
   */
  offer(
    maxima: Int16Array,
    at: number,
    moments: number,
    base: number,
    stepDays: number,
    snrPerStep: number,
    series: number,
  ): void {
    const { edgeDays, snr } = this;
    const rows = foldRows(moments, base);
    const last = rows - 2;
    const cells = snr.length;
    let row = Math.max(0, firstRowFrom(edgeDays[0], stepDays, base, rows));
    if (row > last) return;
    let cell = this.cellOf(foldedPeriod(base, rows, row) * stepDays);
    for (; row <= last && cell < cells; cell++) {
      const next = Math.min(firstRowFrom(edgeDays[cell + 1], stepDays, base, rows), last + 1);
      // Cells may be narrower than the distance of two rows.
      if (next <= row) continue;
      let best = maxima[at + row];
      for (let i = row + 1; i < next; i++) {
        // The larger one, without a jump that nobody can foresee.
        const less = best - maxima[at + i];
        best -= less & (less >> 31);
      }
      const found = best * snrPerStep;
      if (found > snr[cell]) {
        let strongest = row;
        while (maxima[at + strongest] !== best) strongest++;
        snr[cell] = found;
        this.periodDays[cell] = foldedPeriod(base, rows, strongest) * stepDays;
        this.series[cell] = series;
      }
      row = next;
    }
  }

  /**
   * Takes cells that were filled elsewhere, from cell `first` on. Parts of a search that come in the
   * order in which one search would have offered them leave what it would have left.
   */
  merge(first: number, snr: Float64Array, periodDays: Float64Array, series: number): void {
    for (let i = 0; i < snr.length; i++) {
      if (!(snr[i] > this.snr[first + i])) continue;
      this.snr[first + i] = snr[i];
      this.periodDays[first + i] = periodDays[i];
      this.series[first + i] = series;
    }
  }

  /** Cell of a period that is at least the shortest; the number of cells where it is too long. */
  private cellOf(periodDays: number): number {
    const { edgeDays } = this;
    const cells = this.snr.length;
    if (periodDays >= edgeDays[cells]) return cells;
    const fromLongest = Math.floor((Math.cbrt(1 / periodDays) - this.lowest) * this.perRoot);
    let cell = Math.max(0, Math.min(cells - 1, cells - 1 - fromLongest));
    while (edgeDays[cell + 1] <= periodDays) cell++;
    while (cell > 0 && edgeDays[cell] > periodDays) cell--;
    return cell;
  }
}

/** Period of a cube root of frequency; a power would take ten times as long. */
const periodOfRoot = (root: number) => 1 / (root * root * root);

/** First row whose period is not below the given one, or one below 0: the inverse of `foldedPeriod`. */
function firstRowFrom(periodDays: number, stepDays: number, base: number, rows: number): number {
  const drift =
    rows <= LARGEST_LEAF
      ? periodDays / stepDays - base
      : base - (base * base * stepDays) / periodDays;
  return Math.ceil(drift * (rows - 1)) | 0;
}
