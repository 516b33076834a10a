export { count, default as Counter } from './counter.mjs';
export * as counter from './counter.mjs';
export * from './star_a.mjs';
export * from './star_b.mjs';
export const own = 'own';
