export function countsOf(json: string): { passed: number; skipped: number; failures: string[] };
