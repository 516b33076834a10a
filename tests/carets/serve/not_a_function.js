export const handler = { get() {} };
