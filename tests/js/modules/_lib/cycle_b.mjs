import dflt, { early, late } from '../cycle.mjs';
export const log = [early(), dflt()];
try { log.push(late); } catch (e) { log.push(e.message); }
export const fromB = () => late;
