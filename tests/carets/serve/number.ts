export default function (req: Request) {
  return 42;
}
