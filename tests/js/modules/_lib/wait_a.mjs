import { log } from './log.mjs'; log.push('a1'); await 0; await 0; await 0; log.push('a2');
