// zod checks bodies and queries.
import { z } from "zod";

const User = z.object({
  name: z.string().min(1).max(20), age: z.number().int().min(0).optional(), mail: z.email(), role: z.enum(["admin", "user"]).default("user"),
  tags: z.array(z.string()).max(3).optional(), born: z.iso.date().optional(), home: z.url().optional(),
  address: z.object({ zip: z.string().regex(/^\d{5}$/) }).strict().optional(),
});
const Query = z.object({ page: z.coerce.number().int().positive().default(1), sort: z.union([z.literal("asc"), z.literal("desc")]).optional() });

export default {
  async fetch(request) {
    const url = new URL(request.url);
    if (request.method === "POST") {
      let body;
      try { body = await request.json(); } catch { return Response.json({ error: "no JSON" }, { status: 400 }); }
      const r = User.safeParse(body);
      return r.success ? Response.json(r.data, { status: 201 }) : Response.json({ issues: r.error.issues, flat: z.flattenError(r.error) }, { status: 422 });
    }
    const r = Query.safeParse(Object.fromEntries(url.searchParams));
    return r.success ? Response.json(r.data) : Response.json({ error: z.prettifyError(r.error) }, { status: 400 });
  },
};
