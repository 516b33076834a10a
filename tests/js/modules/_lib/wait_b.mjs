import { log } from './log.mjs'; log.push('b1'); await 0; log.push('b2');
