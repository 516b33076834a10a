export default {
	async fetch(request: Request): Promise<Response> {
		const reply = Response.json({ path: request.url });
	},
};
