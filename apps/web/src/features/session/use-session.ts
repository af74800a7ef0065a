import { useSyncExternalStore } from 'react';
import { getSession, onSessionChange } from '../../api/session';

export const useSession = () => useSyncExternalStore(onSessionChange, getSession);
