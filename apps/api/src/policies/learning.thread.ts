/** Entry file of a thread: one policy, from the candidates and reviews that it is given. */
import { parentPort, workerData } from 'node:worker_threads';
import { learnPolicy } from '#transit';
import type { Lessons } from './policy-learner.js';

const { cases, active } = workerData as Lessons;
parentPort!.postMessage(learnPolicy(cases, active));
