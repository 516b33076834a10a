// handler.tsx: a page of some 200 lines, for HANDLER=… bench/start/run.sh: what people
// write, with types, components, a table of routes and modules.
import { routerMatch } from "zigttp:router";
import { parseCookies, setCookie, negotiate } from "zigttp:http";
import { slugify, truncate } from "zigttp:text";
import { formatIso } from "zigttp:time";

/* ---- the shop ------------------------------------------------------------- */

enum Shelf { Fiction, Science, Children }

interface Book {
  readonly id: number;
  title: string;
  author: string;
  price: number;
  shelf: Shelf;
  year?: number;
}

type Money = `${number} €`;
type Sort = "title" | "author" | "price";
type Partially<T> = { [K in keyof T]?: T[K] };

const raw: [string, string, number, Shelf, number?][] = [
  ["The Left Hand of Darkness", "Ursula K. Le Guin", 12.9, Shelf.Fiction, 1969],
  ["Solaris", "Stanisław Lem", 11.5, Shelf.Fiction, 1961],
  ["Kindred", "Octavia E. Butler", 13, Shelf.Fiction, 1979],
  ["The Selfish Gene", "Richard Dawkins", 14.2, Shelf.Science, 1976],
  ["Cosmos", "Carl Sagan", 16, Shelf.Science, 1980],
  ["A Brief History of Time", "Stephen Hawking", 10.9, Shelf.Science, 1988],
  ["Momo", "Michael Ende", 9.9, Shelf.Children, 1973],
  ["The Gruffalo", "Julia Donaldson", 7.5, Shelf.Children, 1999],
  ["Pippi Longstocking", "Astrid Lindgren", 8.2, Shelf.Children],
];

const books: Book[] = raw.map(([title, author, price, shelf, year], i) => ({ id: i + 1, title, author, price, shelf, year }));
const bySlug = new Map(books.map((b) => [slugify(b.title), b] as const));
const TAX = comptime(Math.round(0.07 * 1000) / 1000);
const SORTS = ["title", "author", "price"] as const satisfies readonly Sort[];

declare function comptime<T>(value: T): T;
declare global {
  namespace JSX {
    interface IntrinsicElements { [name: string]: any }
  }
}

namespace Prices {
  export const format = (cents: number): Money => `${(cents / 100).toFixed(2)} €` as Money;
  export function gross(net: number): number {
    return Math.round(net * (1 + TAX) * 100);
  }
}

class Cart {
  static readonly cookie = "cart";
  private readonly lines = new Map<number, number>();

  constructor(public readonly owner: string, text: string | undefined) {
    for (const part of (text ?? "").split(".")) {
      const [id, n] = part.split("x").map(Number);
      if (books.some((b) => b.id === id) && n > 0) this.lines.set(id, Math.min(n, 99));
    }
  }

  add(id: number, n = 1): this {
    this.lines.set(id, (this.lines.get(id) ?? 0) + n);
    return this;
  }

  get size(): number {
    let sum = 0;
    for (const n of this.lines.values()) sum += n;
    return sum;
  }

  *[Symbol.iterator](): Generator<[Book, number]> {
    for (const [id, n] of this.lines) yield [books[id - 1]!, n];
  }

  total = (): number => [...this].reduce((sum, [book, n]) => sum + Prices.gross(book.price) * n, 0);
  toString(): string {
    return [...this.lines].map(([id, n]) => `${id}x${n}`).join(".");
  }
}

/* ---- components ------------------------------------------------------------ */

type Children = { children?: unknown };

function Layout({ title, cart, children }: { title: string; cart: Cart } & Children) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title} | Books</title>
        <style>{"body{font:16px/1.5 system-ui;max-width:50rem;margin:2rem auto}nav{display:flex;gap:1rem}"}</style>
      </head>
      <body>
        <nav>
          <a href="/">All</a>
          {Object.values(Shelf).filter((s) => typeof s === "string").map((s) => <a href={`/shelf/${s}`}>{s}</a>)}
          <a href="/cart">Cart ({cart.size})</a>
        </nav>
        <h1>{title}</h1>
        {children}
        <footer>Prices with tax of {TAX * 100} %</footer>
      </body>
    </html>
  );
}

const Price = ({ of }: { of: Book }) => <b>{Prices.format(Prices.gross(of.price))}</b>;

function Row({ book }: { book: Book }) {
  return (
    <tr>
      <td><a href={`/books/${slugify(book.title)}`}>{truncate(book.title, 40)}</a></td>
      <td>{book.author}</td>
      <td className={book.year && book.year < 1970 ? "old" : undefined}>{book.year ?? "?"}</td>
      <td><Price of={book} /></td>
    </tr>
  );
}

function Table({ list, sort }: { list: Book[]; sort: Sort }) {
  const sorted = list.toSorted((a, b) => (a[sort] < b[sort] ? -1 : a[sort] > b[sort] ? 1 : 0));
  return (
    <table>
      <thead>
        <tr>{[...SORTS].map((s) => <th><a href={`?sort=${s}`}>{s}</a></th>)}</tr>
      </thead>
      <tbody>{sorted.map((book) => <Row book={book} />)}</tbody>
    </table>
  );
}

/* Words in any order, the letters' case apart; titles count more than authors. */
function score({ title, author }: Book, words: readonly string[]): number {
  let sum = 0;
  for (const w of words) {
    if (title.toLowerCase().includes(w)) sum += 2;
    else if (author.toLowerCase().includes(w)) sum += 1;
    else return 0;
  }
  return sum;
}

function Search({ text = "" }: { text?: string }) {
  return (
    <form role="search">
      <input type="search" name="q" value={text} placeholder="Title or author" />
      <button>Search</button>
    </form>
  );
}

/* ---- pages ----------------------------------------------------------------- */

interface Visit {
  request: any;
  params: Record<string, string>;
  cart: Cart;
}
type Page = (v: Visit) => Response | Promise<Response>;

const isSort = (s: unknown): s is Sort => SORTS.includes(s as Sort);
const page = (title: string, cart: Cart, body: unknown, init: Partially<ResponseInit> = {}): Response =>
  Response.html("<!doctype html>" + renderToString(<Layout title={title} cart={cart}>{body}</Layout>), init);

const routes: Record<string, Page> = {
  "GET /": ({ request, cart }) => {
    const sort: Sort = isSort(request.query.sort) ? request.query.sort : "title";
    if (negotiate(request.headers.get("accept") ?? "text/html", "text/html,application/json") === "application/json")
      return Response.json(books);
    return page("All books", cart, <Table list={books} sort={sort} />);
  },
  "GET /shelf/:name": ({ params, cart }) => {
    const shelf = Shelf[params.name as keyof typeof Shelf];
    return shelf === undefined
      ? page("No such shelf", cart, <p>There is no {params.name}.</p>, { status: 404 })
      : page(params.name, cart, <Table list={books.filter((b) => b.shelf === shelf)} sort="author" />);
  },
  "GET /books/:slug": ({ params, cart }) => {
    const book = bySlug.get(params.slug);
    if (!book) return page("No such book", cart, null, { status: 404 });
    return page(book.title, cart, <><p>by {book.author}</p><Price of={book} /><form method="post" action={`/cart/${book.id}`}><button>Buy</button></form></>);
  },
  "GET /search": ({ request, cart }) => {
    const words = String(request.query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const found = books.filter((b) => score(b, words) > 0).sort((a, b) => score(b, words) - score(a, words));
    return page("Search", cart, <><Search text={words.join(" ")} /><ul>{found.map((b) => <li>{b.title}</li>)}</ul></>);
  },
  "GET /cart": ({ cart }) =>
    page("Cart", cart, cart.size ? <ul>{[...cart].map(([b, n]) => <li>{n} × {b.title}</li>)}<li>{Prices.format(cart.total())}</li></ul> : <p>Empty.</p>),
  "POST /cart/:id": ({ params, cart }) => {
    cart.add(Number(params.id));
    return new Response(null, { status: 303, headers: { Location: "/cart", "Set-Cookie": setCookie(Cart.cookie, `${cart}`, { path: "/", httpOnly: true }) } });
  },
  "GET /time": ({ request }) => new Response(formatIso(Number(request.query.ms ?? 0)) + "\n"),
};

export async function handler(request: any): Promise<Response> {
  const cart = new Cart("visitor", parseCookies(request.headers.get("cookie") ?? "")[Cart.cookie]);
  const found = routerMatch(routes, request);
  return found ? await found.handler({ request, params: found.params, cart }) : page("Not found", cart, null, { status: 404 });
}
