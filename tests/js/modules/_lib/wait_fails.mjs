import { log } from './log.mjs'; log.push('before failing'); await 0; throw new Error('failed');
