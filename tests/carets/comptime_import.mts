import { readFile } from "./x.mjs";
const text = comptime(readFile("a"));
