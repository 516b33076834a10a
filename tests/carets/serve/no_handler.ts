function handle(req) { return new Response("x"); }
