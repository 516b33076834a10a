import { x } from "./_lib/libb.ts";
export function handler(req) { return Response.text(x); }
