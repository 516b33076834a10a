import { Hono } from "honno";
export default new Hono();
