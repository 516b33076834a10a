export const a: string = 'folder';
