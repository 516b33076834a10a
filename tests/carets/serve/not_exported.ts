import { x } from "./_lib/lib.ts";
function handler(req) { return Response.text(x); }
