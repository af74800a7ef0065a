export function freePort(preferred?: number): Promise<number>;
export function isFree(port: number): Promise<boolean>;
export function checkChosenPort(port: number, setting: string): Promise<void>;
