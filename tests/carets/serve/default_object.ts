export default { get(req) { return new Response("x"); } };
