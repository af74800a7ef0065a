export function countsOf(json: string): { passed: number; failed: number; skipped: number };
