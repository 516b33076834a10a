export const a = 'a', both = 'a', own = 'hidden'; export default 'not through a star';
