// TypeScript: annotations are kept in the tree and vanish from the code.
interface User { id: number; name?: string; readonly tags: string[] }
type Handler<T = unknown> = (request: Request) => T | Promise<T>;
enum Colour { Red, Green = 5, Blue = 'b' as any }
const u: User = { id: 1, tags: [] } satisfies User;
function first<T>(list: T[], fallback?: T): T { return list[0] ?? fallback!; }
class Box<T> { constructor(private readonly value: T, public label = '') { } get(): T { return this.value; } }
export const handler: Handler<Response> = (request) => new Response(String(first<number>([1])));
import type { Other } from './other';
