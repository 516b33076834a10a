export function then(resolve) { resolve({ count: 7 }); }
