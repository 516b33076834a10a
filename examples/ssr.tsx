// ssr.tsx: pages made of components. Text and attribute values are escaped; a
// component is a function of its props; there is nothing to install.
//
//   zigttpd examples/ssr.tsx
//   curl 'http://127.0.0.1:8080/?q=%3Cb%3E'          # the query, escaped

type Book = { title: string; author: string; year: number };

const books: Book[] = [
  { title: "The Left Hand of Darkness", author: "Ursula K. Le Guin", year: 1969 },
  { title: "Solaris", author: "Stanisław Lem", year: 1961 },
  { title: "Kindred", author: "Octavia E. Butler", year: 1979 },
];

const style = "body{font:16px/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}mark{background:#ffe08a}";

function Layout({ title, children }: { title: string; children?: unknown }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <style>{style}</style>
      </head>
      <body>
        <h1>{title}</h1>
        {children}
      </body>
    </html>
  );
}

const Row = ({ book }: { book: Book }) => (
  <li className={book.year < 1970 ? "old" : undefined}>
    <cite>{book.title}</cite> by {book.author}, <time>{book.year}</time>
  </li>
);

async function Search({ q }: { q: string }) {
  const found = books.filter((b) => (b.title + b.author).toLowerCase().includes(q.toLowerCase()));
  return (
    <>
      <form>
        <input name="q" value={q} placeholder="title or author" autofocus />
        <button>Search</button>
      </form>
      {q && <p>{found.length} for <mark>{q}</mark></p>}
      <ul>{found.map((book) => <Row book={book} />)}</ul>
    </>
  );
}

export async function handler(request: any) {
  const page = await renderToString(
    <Layout title="Books">
      <Search q={request.query.q ?? ""} />
    </Layout>,
  );
  return Response.html("<!doctype html>" + page);
}
