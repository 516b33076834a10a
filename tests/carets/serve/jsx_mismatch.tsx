export function handler(request: Request) {
	return Response.html(renderToString(<main><p>text</main>));
}
