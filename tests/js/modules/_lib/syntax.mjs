export const a = (
