export const b = 'b', both = 'b'; export { a } from './star_a.mjs';
