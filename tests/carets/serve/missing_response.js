export function handler(req) {
  const x = 1;
}
