import { z } from 'zod';

// The page's Content-Security-Policy forbids code made of strings. Imported before any schema is
// made: each one decides for itself when it is.
z.config({ jitless: true });
