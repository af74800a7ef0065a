/** The tokens of whoever is logged in; they outlive a reload, not a logout. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const KEY = 'lightfold.session';
const listeners = new Set<() => void>();
let current: Session | null = read();

export const getSession = (): Session | null => current;

export function setSession(session: Session | null): void {
  current = session;
  if (session) localStorage.setItem(KEY, JSON.stringify(session));
  else localStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Another tab has logged in, rotated the token or logged out.
addEventListener('storage', (event) => {
  if (event.key !== KEY) return;
  current = read();
  for (const listener of listeners) listener();
});

function read(): Session | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}
