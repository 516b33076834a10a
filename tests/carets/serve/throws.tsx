interface P { name: string }
const Card = ({ name }: P) => <p>{name.toUpperCase()}</p>;
export function handler(req: Request): Response {
  const user = undefined as any;
  return Response.html(renderToString(<Card name={user.name} />));
}
