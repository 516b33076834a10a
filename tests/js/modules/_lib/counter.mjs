export let count = 0;
export function increment() { return ++count; }
export const names = ['counter'];
export { count as total };
export default class Counter { static label = 'Counter'; }
