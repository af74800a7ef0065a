export interface Shown {
  readonly seq?: number;
  progress: number;
  stage: string;
  message: string;
}
export function progressLine(out: {
  isTTY?: boolean;
  columns?: number;
  write(text: string): void;
}): {
  show(progress: Shown): void;
  end(): void;
};
export function candidatesTable(candidates: readonly object[]): string;
