export const a: string = 'plain';
