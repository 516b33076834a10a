let count = 1;
const next = comptime(count + 1);
export const handler = () => Response.json(next);
