import { buildSchema, graphql, parse, print, validate, visit, printSchema, introspectionFromSchema, buildClientSchema, GraphQLError, lexicographicSortSchema, graphqlSync, subscribe, GraphQLScalarType } from "graphql";

const schema = buildSchema(`
  "A thing." interface Node { id: ID! }
  enum Colour { RED GREEN @deprecated(reason: "no") }
  input Filter { colour: Colour = RED, min: Float, tags: [String!] }
  type Item implements Node { id: ID!, name: String, price: Float!, colour: Colour, friends(first: Int = 2): [Item!]! }
  type Other { x: Int } union Any = Item | Other
  type Query { item(id: ID!): Item, items(where: Filter): [Item!]!, any: [Any], boom: Int!, later: Int }
  type Mutation { rename(id: ID!, name: String!): Item }
`);
const db = new Map([1, 2, 3, 4].map((n) => [String(n), { __typename: "Item", id: String(n), name: `n${n}`, price: n * 1.5, colour: n % 2 ? "RED" : "GREEN", friends: ({ first }) => [...db.values()].filter((x) => x.id !== String(n)).slice(0, first) }]));
const rootValue = {
	item: ({ id }) => db.get(id), items: ({ where }) => [...db.values()].filter((i) => !where || (i.colour === where.colour && i.price >= (where.min ?? 0))),
	any: () => [db.get("1"), { __typename: "Other", x: 5 }, null], boom: () => { throw new Error("boom"); }, later: async () => { await null; return 42; },
	rename: ({ id, name }) => Object.assign(db.get(id), { name }),
};
const queries = [
	["{ item(id: 1) { id name friends(first: 3) { ...F } } later } fragment F on Item { id colour price }"],
	["query Q($w: Filter, $yes: Boolean!) { items(where: $w) { id @include(if: $yes) alias: name @skip(if: $yes) } }", { w: { colour: "GREEN", min: 4 }, yes: true }],
	["{ any { __typename ... on Item { name } ... on Other { x } } }"], ["{ boom }"], ["mutation { rename(id: 2, name: \"z\\u00e9\\n\") { name } }"],
	["{ nope item { id } }"], ["{ item(id: [1]) { id }"], ["query ($f: Filter) { items(where: $f) { id } }", { f: { colour: "BLUE", min: "x" } }],
	["{ __schema { types { name kind fields { name type { name ofType { name } } } } directives { name args { name defaultValue } } } }"],
];
for (const [source, variableValues] of queries)
	console.log(JSON.stringify(await graphql({ schema, source, rootValue, variableValues })));
console.log(printSchema(lexicographicSortSchema(schema)));
console.log(printSchema(buildClientSchema(introspectionFromSchema(schema))) === printSchema(schema));
const doc = parse(queries[0][0] + " subscription S { a(b: [1, {c: $d}], e: \"\"\"\n  block\n   text\n\"\"\") @x }");
console.log(print(visit(doc, { Field: { leave: (n) => (n.name.value === "name" ? null : undefined) }, Name: (n) => ({ ...n, value: n.value.toUpperCase() }) })));
for (const e of validate(schema, doc))
	console.log(String(e), JSON.stringify(e.locations), e instanceof GraphQLError);
console.log(graphqlSync({ schema, source: "{ items { id } }", rootValue }).data.items.length, new GraphQLScalarType({ name: "S" }).parseValue(3));
