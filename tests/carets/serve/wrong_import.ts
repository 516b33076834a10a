import { xx } from "./_lib/lib.ts";
export function handler(req) { return Response.text(xx); }
