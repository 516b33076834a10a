interface User {
	name: string;
	age: number |;
}
export const handler = (): Response => Response.text("x");
